/* Requests to Amazon, signed: Signature Version 4 (docs.aws.amazon.com, IAM User Guide, "Create a signed AWS API request"). Pure. */
#pragma once

#include "channel/kit.h"

struct aws_key {
    const char *id, *secret;
    const char *token; /* of temporary credentials; NULL and "": none */
};

/* What is signed of a request besides its headers, method and body. */
struct aws_call {
    const char *host;
    const char
        *path; /* encoded as it is sent (url_encoded, but for slashes); not S3: of letters that need no encoding */
    const char *region, *service;
    int64_t now;
};

/* Adds x-amz-date, x-amz-content-sha256, x-amz-security-token and Authorization; `request` has its method (how), body and other headers,
 * which are all signed, each of one line. */
void sigv4_sign(const struct aws_key *key, const struct aws_call *call, struct arena *a, struct send_request *request);
