import type {
  DisableAlarmActionsCommandOutput,
  EnableAlarmActionsCommandOutput,
  SetAlarmStateCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { type CloudWatchDeps, name } from "./shared.ts";

const state = v.object({
  AlarmName: name,
  StateValue: v.picklist(["OK", "ALARM", "INSUFFICIENT_DATA"]),
  StateReason: v.pipe(v.string(), v.maxLength(1_023)),
  StateReasonData: v.optional(v.pipe(v.string(), v.maxLength(4_000), v.check(isJson, "not JSON"))),
});

/** Puts an alarm into a state, with its actions, until its next evaluation finds otherwise. */
export function setAlarmState({ alarms }: CloudWatchDeps): Operation<SetAlarmStateCommandOutput> {
  return async (_principal, members) => {
    const { AlarmName, StateValue, StateReason, StateReasonData } = readInput(state, members, "InvalidFormat");
    const alarm = alarms.get(AlarmName);
    if (alarm === undefined) throw new AwsError("ResourceNotFound", `There is no alarm ${AlarmName}.`, { status: 404 });
    alarms.set(alarm, {
      value: StateValue,
      reason: StateReason,
      ...(StateReasonData === undefined ? {} : { reasonData: StateReasonData }),
    });
    return {};
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const names = v.object({ AlarmNames: v.pipe(v.array(name), v.maxLength(100)) });

/** As on AWS, an alarm that isn't there is passed over. */
function switchActions({ alarms }: CloudWatchDeps, to: boolean): Operation {
  return async (_principal, members) => {
    for (const each of readInput(names, members).AlarmNames) {
      const alarm = alarms.get(each);
      if (alarm !== undefined) alarm.actionsEnabled = to;
    }
    return {};
  };
}

export function enableAlarmActions(deps: CloudWatchDeps): Operation<EnableAlarmActionsCommandOutput> {
  return switchActions(deps, true) as Operation<EnableAlarmActionsCommandOutput>;
}

export function disableAlarmActions(deps: CloudWatchDeps): Operation<DisableAlarmActionsCommandOutput> {
  return switchActions(deps, false) as Operation<DisableAlarmActionsCommandOutput>;
}
