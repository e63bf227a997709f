# The images of all functions, one each, in one build that shares its stages. From the project's root:
#   docker buildx bake --file dockerfiles/docker-bake.hcl
# `npm run cli -- images` builds by this file, too, and sets tags, base and hashes itself. The matrix is the list of
# config/lambdas.ts; a test compares them.

variable "BASE_IMAGE" {
  default = "public.ecr.aws/lambda/nodejs:24"
}

# Time of all files and of the images: 1980-01-01, not the time of the build, so that same bytes have the same digest.
variable "SOURCE_DATE_EPOCH" {
  default = "315532800"
}

group "default" {
  targets = ["lambda"]
}

target "lambda" {
  name = function
  matrix = {
    function = [
      "webhook-validator",
      "webhook-dedup",
      "workflow-claim",
      "fraud-detector",
      "archive-plan",
      "transaction-archival",
      "archive-seal",
      "archive-release",
      "webhook-reconciliation",
      "dead-letter-copy",
      "decision-sweep",
    ]
  }
  context    = "."
  dockerfile = "dockerfiles/Dockerfile"
  platforms  = ["linux/arm64"]
  args = {
    FUNCTION          = function
    BASE_IMAGE        = BASE_IMAGE
    SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH
  }
  tags = ["${function}:local"]
  # Lambda takes one image, not the index that attestations would make of it.
  attest = ["type=provenance,disabled=true", "type=sbom,disabled=true"]
}
