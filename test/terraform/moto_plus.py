#!/usr/bin/env python3
"""A moto server to which Terraform's AWS provider can deploy this project.

moto 5.2 lacks some of the calls that the provider 5.100 makes, and tells some settings otherwise than AWS does, which
Terraform then takes for changes. Both are mended here, in memory, and nothing else: what AWS itself would refuse may
still pass.

    python3 test/terraform/moto_plus.py --port 5000

Port 0 takes a free one. The first line on standard output says the address: "Listening on http://127.0.0.1:5000".
"""

import argparse
import io
import json
import logging
import os
import re
import sys
import threading
from urllib.parse import parse_qs, unquote

# Before moto is imported: the account's policies include AWS's own, such as the one for API Gateway's logs.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

import moto.apigateway.responses as apigateway
import moto.awslambda.models as awslambda
import moto.budgets.responses as budgets
import moto.iam.access_control as access_control
import moto.s3.models as s3
import moto.sqs.models as sqs
import moto.stepfunctions.responses as stepfunctions
import moto_observability as observability
from flask import has_request_context, request
from moto.athena.models import athena_backends
from moto.budgets.models import budgets_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.config import default_user_config
from moto.core.responses import BaseResponse
from moto.events.models import EventPattern
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

# Functions are made and described, never run.
default_user_config["lambda"]["use_docker"] = False


# --- Calls that moto lacks -------------------------------------------------------------------------------------------


def test_event_pattern(body):
    """Whether an event pattern matches an event, by moto's own matcher."""
    return {"Result": EventPattern.load(body["EventPattern"]).matches_event(json.loads(body["Event"]))}


def describe_subscribers(body):
    """Budgets: who hears of one of a budget's notifications."""
    budget = budgets_backends[DEFAULT_ACCOUNT_ID]["aws"].budgets[body["AccountId"]][body["BudgetName"]]
    asked = {key: value for key, value in body["Notification"].items() if key != "NotificationState"}
    same = (each for each in budget.notifications if asked.items() <= each.details.items())
    return {"Subscribers": [subscriber for each in same for subscriber in each.subscribers]}


def delete_named_query(body):
    """Athena forgets a saved query."""
    for backend in athena_backends[DEFAULT_ACCOUNT_ID].values():
        backend.named_queries.pop(body["NamedQueryId"], None)
    return {}


# Tags of budgets, by ARN.
budget_tags = {}


def validate_state_machine(body):
    """The provider asks before it creates a state machine. The tests of workflows/ validate definitions properly."""
    json.loads(body["definition"])
    return {"result": "OK", "diagnostics": [], "truncated": False}


# JSON services' calls, by the header X-Amz-Target: from the request's body to the answer's.
TARGETS = {
    **observability.TARGETS,
    "AmazonAthena.DeleteNamedQuery": delete_named_query,
    "AWSBudgetServiceGateway.DescribeSubscribersForNotification": describe_subscribers,
    "AWSBudgetServiceGateway.ListTagsForResource": lambda body: {
        "ResourceTags": budget_tags.get(body["ResourceARN"], [])
    },
    "AWSEvents.TestEventPattern": test_event_pattern,
    "AWSStepFunctions.ListStateMachineVersions": lambda body: {"stateMachineVersions": []},
    "AWSStepFunctions.ValidateStateMachineDefinition": validate_state_machine,
}

PROVISIONED_CONCURRENCY = re.compile(r"/2019-09-30/functions/([^/]+)/provisioned-concurrency/?")
provisioned = {}


def provisioned_concurrency(request, function):
    """Lambda's Put-, Get- and DeleteProvisionedConcurrencyConfig; what is asked for is there at once."""
    qualifier = parse_qs(request.query_string.decode()).get("Qualifier", [""])[0]
    key = (unquote(function).split(":")[-1], qualifier)
    if request.method == "DELETE":
        provisioned.pop(key, None)
        return Response(status=204)
    if request.method == "PUT":
        executions = request.get_json()["ProvisionedConcurrentExecutions"]
        provisioned[key] = {
            "RequestedProvisionedConcurrentExecutions": executions,
            "AvailableProvisionedConcurrentExecutions": executions,
            "AllocatedProvisionedConcurrentExecutions": executions,
            "Status": "READY",
            "LastModified": "2026-01-01T00:00:00+0000",
        }
        return json_response(provisioned[key], 202)
    if key in provisioned:
        return json_response(provisioned[key])
    code = "ProvisionedConcurrencyConfigNotFoundException"
    message = "No Provisioned Concurrency Config found for this function"
    return json_response({"Type": "User", "Message": message}, 404, {"x-amzn-ErrorType": code})


# Elements of a bucket's settings that moto doesn't keep, by the setting's name in the query. Each is put back before the
# end of the element that it was found in.
FORGOTTEN = {
    "logging": ("LoggingEnabled", re.compile(r"<TargetObjectKeyFormat>.*</TargetObjectKeyFormat>", re.S)),
    "inventory": ("S3BucketDestination", re.compile(r"<Encryption>.*</Encryption>", re.S)),
}
remembered = {}


def remember_setting(request, moto, environ):
    """PUT, GET and DELETE of a bucket's logging and inventory, with the elements that moto forgets."""
    setting = next((name for name in FORGOTTEN if name in parse_qs(request.query_string.decode(), True)), None)
    if setting is None or request.method not in ("GET", "PUT", "DELETE") or request.path.count("/") > 2:
        return None
    if setting == "inventory" and request.method == "DELETE":
        # moto takes it for the deletion of the bucket.
        bucket = s3.s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[request.path.strip("/")]
        bucket.inventory_configs.pop(parse_qs(request.query_string.decode())["id"][0], None)
        return Response(status=204)
    outer, element = FORGOTTEN[setting]
    key = (setting, request.path, request.headers["Host"])
    if request.method == "DELETE":
        return None
    if request.method == "PUT":
        found = element.search(request.get_data(as_text=True, cache=True))
        remembered[key] = found.group(0) if found else ""
        environ["wsgi.input"] = io.BytesIO(request.get_data())
        return None
    answer = Response.from_app(moto, environ)
    # The code that S3 gives where there is no such configuration; the provider waits for it.
    body = answer.get_data(as_text=True).replace("NoSuchInventoryConfig", "NoSuchConfiguration")
    answer.set_data(body)
    if remembered.get(key) and f"</{outer}>" in body:
        answer.set_data(element.sub("", body).replace(f"</{outer}>", f"{remembered[key]}</{outer}>"))
    return answer


def json_response(body, status=200, headers=None):
    return Response(json.dumps(body), status, headers, content_type="application/x-amz-json-1.0")


class MotoPlus:
    """moto's WSGI application with the calls above before it."""

    def __init__(self, moto):
        self.moto = moto

    def __call__(self, environ, start_response):
        request = Request(environ, populate_request=False)
        answer = self.answer(request) or self.observe(request, environ) or remember_setting(request, self.moto, environ)
        return (answer or self.moto)(environ, start_response)

    def observe(self, request, environ):
        if request.method != "POST":
            return None
        body = request.get_data(cache=True)
        environ["wsgi.input"] = io.BytesIO(body)
        return observability.respond(request)

    def answer(self, request):
        call = TARGETS.get(request.headers.get("X-Amz-Target"))
        if call is not None:
            return json_response(call(json.loads(request.get_data())))
        match = PROVISIONED_CONCURRENCY.fullmatch(request.path)
        return match and provisioned_concurrency(request, match.group(1))


# --- Settings that moto loses or tells otherwise than AWS ------------------------------------------------------------


def keep_binary_media_types():
    """CreateRestApi ignores binaryMediaTypes; only a later update keeps them. AWS keeps them from the start."""
    create = apigateway.APIGatewayResponse.create_rest_api

    def create_rest_api(self):
        status, headers, body = create(self)
        types = self._get_param("binaryMediaTypes")
        if status == 200 and types:
            api = self.backend.get_rest_api(json.loads(body)["id"])
            api.binaryMediaTypes = types
            body = json.dumps(api.to_dict())
        return status, headers, body

    apigateway.APIGatewayResponse.create_rest_api = create_rest_api


def omit_empty_image_config():
    """AWS has no ImageConfigResponse for a function that doesn't override its image's settings; moto has an empty one."""
    configuration = awslambda.LambdaFunction.get_configuration

    def get_configuration(self, *args, **kwargs):
        answer = configuration(self, *args, **kwargs)
        if not any(answer.get("ImageConfigResponse", {}).get("ImageConfig", {}).values()):
            answer.pop("ImageConfigResponse", None)
        return answer

    awslambda.LambdaFunction.get_configuration = get_configuration


def keep_dead_letter_config():
    """moto forgets where a function's failed events go, which Terraform then takes for a change."""
    create = awslambda.LambdaFunction.__init__
    configuration = awslambda.LambdaFunction.get_configuration
    update = awslambda.LambdaFunction.update_configuration

    def initialize(self, account_id, spec, *args, **kwargs):
        create(self, account_id, spec, *args, **kwargs)
        self.dead_letter_config = spec.get("DeadLetterConfig")

    def get_configuration(self, *args, **kwargs):
        answer = configuration(self, *args, **kwargs)
        if self.dead_letter_config:
            answer["DeadLetterConfig"] = self.dead_letter_config
        return answer

    def update_configuration(self, config_updates):
        self.dead_letter_config = config_updates.get("DeadLetterConfig", self.dead_letter_config)
        return update(self, config_updates)

    awslambda.LambdaFunction.__init__ = initialize
    awslambda.LambdaFunction.get_configuration = get_configuration
    awslambda.LambdaFunction.update_configuration = update_configuration


def tell_redrive_policy_as_sqs_does():
    """SQS gives back a redrive policy without spaces. The provider waits until it reads what it wrote."""
    attributes = sqs.Queue.attributes.fget

    def compact(self):
        answer = attributes(self)
        if answer.get("RedrivePolicy"):
            answer["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return answer

    sqs.Queue.attributes = property(compact)


def keep_budget_tags():
    """CreateBudget ignores ResourceTags."""
    create = budgets.BudgetsResponse.create_budget

    def create_budget(self):
        answer = create(self)
        name = self._get_param("Budget")["BudgetName"]
        arn = f"arn:aws:budgets::{self._get_param('AccountId')}:budget/{name}"
        budget_tags[arn] = self._get_param("ResourceTags", [])
        return answer

    budgets.BudgetsResponse.create_budget = create_budget


def keep_state_machine_type():
    """moto makes every state machine STANDARD."""
    create = stepfunctions.StepFunctionResponse.create_state_machine

    def create_state_machine(self):
        answer = create(self)
        machine = self.stepfunction_backend.describe_state_machine(answer.result["stateMachineArn"])
        machine.type = machine.sm_type = self._get_param("type") or "STANDARD"
        return answer

    stepfunctions.StepFunctionResponse.create_state_machine = create_state_machine


def heed_conditions_of_denials():
    """
    moto ignores a Deny's condition, so that a TLS-only bucket refuses everybody, and a create-only one every put. Clients
    here stand for TLS ones; a put that creates has the header that the condition asks for.
    """
    permitted = access_control.IAMPolicyStatement.is_action_permitted

    def is_action_permitted(self, *args, **kwargs):
        condition = self._statement.get("Condition", {})
        if condition.get("Bool", {}).get("aws:SecureTransport") == "false":
            return access_control.PermissionResult.NEUTRAL
        creates = has_request_context() and "If-None-Match" in request.headers
        if creates and condition.get("Null", {}).get("s3:if-none-match") == "true":
            return access_control.PermissionResult.NEUTRAL
        return permitted(self, *args, **kwargs)

    access_control.IAMPolicyStatement.is_action_permitted = is_action_permitted


def read_log_permissions():
    """moto finds the logging service's permission only where a policy has one resource as a text, no list of them."""

    def permitted(target_bucket, target_prefix):
        policy = json.loads(target_bucket.policy.decode()) if target_bucket.policy else {"Statement": []}
        place = f"arn:aws:s3:::{target_bucket.name}/{target_prefix or ''}*"
        return any(
            statement["Effect"] == "Allow"
            and statement["Principal"] == {"Service": "logging.s3.amazonaws.com"}
            and "s3:PutObject" in statement["Action"]
            and place in statement["Resource"]
            for statement in policy["Statement"]
        )

    s3.FakeBucket._log_permissions_enabled_policy = staticmethod(permitted)


def write_no_access_logs():
    """moto writes access logs at once, those of a destroy too, so that their bucket is never empty at its end."""
    s3.S3Backend.log_incoming_request = lambda self, request, bucket_name: None


def refuse_what_is_not_there():
    """moto answers 500 to a call that it lacks, which the provider repeats for many minutes before it says so."""
    call = BaseResponse.call_action

    def call_action(self):
        try:
            return call(self)
        except NotImplementedError as error:
            body = {"__type": "NotImplementedException", "message": f"moto: {error}"}
            return 400, {"Content-Type": "application/json"}, json.dumps(body)

    BaseResponse.call_action = call_action


def end_with_parent():
    """Whoever started the server holds its standard input; when that ends, for whatever reason, so does the server."""
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=5000, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--end-with-stdin", action="store_true", help="end when standard input does")
    options = parser.parse_args()

    keep_binary_media_types()
    omit_empty_image_config()
    keep_dead_letter_config()
    tell_redrive_policy_as_sqs_does()
    keep_state_machine_type()
    keep_budget_tags()
    read_log_permissions()
    write_no_access_logs()
    refuse_what_is_not_there()
    heed_conditions_of_denials()

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = MotoPlus(DomainDispatcherApplication(create_backend_app))
    server = make_server(options.host, options.port, application, threaded=True)
    print(f"Listening on http://{options.host}:{server.server_port}", flush=True)
    if options.end_with_stdin:
        threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
