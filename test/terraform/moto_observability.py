"""What moto lacks of CloudWatch, CloudWatch Logs and X-Ray: composite alarms, saved queries, groups and sampling rules.

Kept in memory, as the provider writes and reads them. As on AWS, a composite alarm is refused while a part of it isn't
there, and a part isn't deleted while a composite alarm names it.
"""

import json
import re
import time
import uuid
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from moto.cloudwatch.models import cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID
from werkzeug.wrappers import Response

REGION = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
NAMESPACE = 'xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"'

queries = {}
composites = {}
groups = {}
sampling_rules = {}
# Tags of groups and sampling rules, by ARN.
xray_tags = {}


# --- CloudWatch Logs: saved queries -------------------------------------------------------------------------------------


def put_query_definition(body):
    query_id = body.get("queryDefinitionId") or str(uuid.uuid4())
    kept = {key: body[key] for key in ("name", "queryString", "logGroupNames") if key in body}
    queries[query_id] = {**kept, "queryDefinitionId": query_id, "lastModified": int(time.time() * 1000)}
    return {"queryDefinitionId": query_id}


def describe_query_definitions(body):
    prefix = body.get("queryDefinitionNamePrefix", "")
    return {"queryDefinitions": [query for query in queries.values() if query["name"].startswith(prefix)]}


def delete_query_definition(body):
    return {"success": queries.pop(body["queryDefinitionId"], None) is not None}


# By the header X-Amz-Target: from the request's body to the answer's.
TARGETS = {
    "Logs_20140328.PutQueryDefinition": put_query_definition,
    "Logs_20140328.DescribeQueryDefinitions": describe_query_definitions,
    "Logs_20140328.DeleteQueryDefinition": delete_query_definition,
}


# --- CloudWatch: composite alarms ---------------------------------------------------------------------------------------

LISTS = ("AlarmActions", "OKActions", "InsufficientDataActions")
TEXTS = ("AlarmName", "AlarmRule", "AlarmDescription", "ActionsEnabled", "ActionsSuppressor")
NUMBERS = ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")


def members(form, name):
    return [value for key, value in form.items() if key.startswith(f"{name}.member.")]


def put_composite_alarm(form, region):
    named = re.findall(r'"([^"]+)"', form["AlarmRule"]) + [form[key] for key in ("ActionsSuppressor",) if key in form]
    there = {*cloudwatch_backends[DEFAULT_ACCOUNT_ID][region].alarms, *composites}
    missing = [name for name in named if name not in there]
    if missing:
        return refusal(f"Could not save the composite alarm as alarms {missing} in the alarm rule do not exist")
    tags = {form[key]: form[key.replace("Key", "Value")] for key in form if re.fullmatch(r"Tags\.member\.\d+\.Key", key)}
    composites[form["AlarmName"]] = {
        **{key: form[key] for key in TEXTS + NUMBERS if key in form},
        **{key: members(form, key) for key in LISTS},
        "AlarmArn": f"arn:aws:cloudwatch:{region}:{DEFAULT_ACCOUNT_ID}:alarm:{form['AlarmName']}",
        "tags": tags,
    }
    return answer("PutCompositeAlarm", "")


def describe_composite_alarms(form):
    names = members(form, "AlarmNames")
    found = [alarm for name, alarm in composites.items() if not names or name in names]
    return answer("DescribeAlarms", f"<CompositeAlarms>{''.join(map(composite_xml, found))}</CompositeAlarms>")


def composite_xml(alarm):
    texts = "".join(f"<{key}>{escape(alarm[key])}</{key}>" for key in (*TEXTS, *NUMBERS, "AlarmArn") if key in alarm)
    lists = "".join(f"<{key}>{''.join(f'<member>{escape(each)}</member>' for each in alarm[key])}</{key}>" for key in LISTS)
    return f"<member>{texts}{lists}<StateValue>OK</StateValue></member>"


def delete_alarms(form):
    names = members(form, "AlarmNames")
    for name in names:
        others = [alarm for other, alarm in composites.items() if other not in names]
        if any(f'"{name}"' in alarm["AlarmRule"] or alarm.get("ActionsSuppressor") == name for alarm in others):
            return refusal(f"Cannot delete {name} as there are composite alarm(s) depending on it")
    if not all(name in composites for name in names):
        return None
    for name in names:
        del composites[name]
    return answer("DeleteAlarms", "")


def list_alarm_tags(form):
    alarm = next((each for each in composites.values() if each["AlarmArn"] == form.get("ResourceARN")), None)
    if alarm is None:
        return None
    tags = "".join(f"<member><Key>{escape(k)}</Key><Value>{escape(v)}</Value></member>" for k, v in alarm["tags"].items())
    return answer("ListTagsForResource", f"<Tags>{tags}</Tags>")


def answer(action, result):
    inner = f"<{action}Result>{result}</{action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
    return Response(f"<{action}Response {NAMESPACE}>{inner}</{action}Response>", content_type="text/xml")


def refusal(message):
    error = f"<Error><Type>Sender</Type><Code>ValidationError</Code><Message>{escape(message)}</Message></Error>"
    return Response(f"<ErrorResponse {NAMESPACE}>{error}<RequestId>1</RequestId></ErrorResponse>", 400, content_type="text/xml")


def alarms(request, region):
    """Calls about composite alarms; nothing for the others, which moto answers."""
    form = {key: values[0] for key, values in parse_qs(request.get_data(as_text=True, cache=True)).items()}
    action = form.get("Action")
    if action == "PutCompositeAlarm":
        return put_composite_alarm(form, region)
    if action == "DescribeAlarms" and "CompositeAlarm" in members(form, "AlarmTypes"):
        return describe_composite_alarms(form)
    if action == "DeleteAlarms":
        return delete_alarms(form)
    return list_alarm_tags(form) if action == "ListTagsForResource" else None


# --- X-Ray: groups and sampling rules -----------------------------------------------------------------------------------


def create_group(body, region):
    arn = f"arn:aws:xray:{region}:{DEFAULT_ACCOUNT_ID}:group/{body['GroupName']}/{uuid.uuid4().hex[:26].upper()}"
    kept = {key: body[key] for key in ("GroupName", "FilterExpression", "InsightsConfiguration") if key in body}
    groups[arn] = {**kept, "GroupARN": arn}
    xray_tags[arn] = body.get("Tags", [])
    return {"Group": groups[arn]}


def group_of(body):
    return next((g for arn, g in groups.items() if body.get("GroupARN") == arn or body.get("GroupName") == g["GroupName"]), None)


def get_group(body, _region):
    return {"Group": group_of(body)} if group_of(body) else None


def get_groups(_body, _region):
    return {"Groups": list(groups.values())}


def update_group(body, _region):
    group = group_of(body)
    group.update({key: body[key] for key in ("FilterExpression", "InsightsConfiguration") if key in body})
    return {"Group": group}


def delete_group(body, _region):
    groups.pop(group_of(body)["GroupARN"])
    return {}


def create_sampling_rule(body, region):
    name = body["SamplingRule"]["RuleName"]
    arn = f"arn:aws:xray:{region}:{DEFAULT_ACCOUNT_ID}:sampling-rule/{name}"
    sampling_rules[name] = {"SamplingRule": {**body["SamplingRule"], "RuleARN": arn}, "CreatedAt": 0, "ModifiedAt": 0}
    xray_tags[arn] = body.get("Tags", [])
    return {"SamplingRuleRecord": sampling_rules[name]}


def get_sampling_rules(_body, _region):
    return {"SamplingRuleRecords": list(sampling_rules.values())}


def update_sampling_rule(body, _region):
    update = body["SamplingRuleUpdate"]
    sampling_rules[update["RuleName"]]["SamplingRule"].update(update)
    return {"SamplingRuleRecord": sampling_rules[update["RuleName"]]}


def delete_sampling_rule(body, _region):
    return {"SamplingRuleRecord": sampling_rules.pop(body["RuleName"])}


def list_xray_tags(body, _region):
    return {"Tags": xray_tags.get(body["ResourceARN"], [])}


XRAY = {
    "/CreateGroup": create_group,
    "/GetGroup": get_group,
    "/Groups": get_groups,
    "/UpdateGroup": update_group,
    "/DeleteGroup": delete_group,
    "/CreateSamplingRule": create_sampling_rule,
    "/GetSamplingRules": get_sampling_rules,
    "/UpdateSamplingRule": update_sampling_rule,
    "/DeleteSamplingRule": delete_sampling_rule,
    "/ListTagsForResource": list_xray_tags,
}


def xray(request, region):
    call = XRAY.get(request.path)
    if call is None:
        return None
    found = call(json.loads(request.get_data() or b"{}"), region)
    if found is None:
        message = {"Message": "Group not found"}
        return Response(json.dumps(message), 400, {"x-amzn-ErrorType": "InvalidRequestException"}, content_type="application/json")
    return Response(json.dumps(found), content_type="application/json")


def respond(request):
    """The answer to a call that moto lacks; nothing for all others."""
    scope = REGION.search(request.headers.get("Authorization", ""))
    if scope is None:
        return None
    region, service = scope.groups()
    if service == "xray":
        return xray(request, region)
    return alarms(request, region) if service == "monitoring" else None
