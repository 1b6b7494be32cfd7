/* Where a provider sends back the browser of somebody who has signed in there (api/sign_in.h). On the loop. */
#pragma once

struct http;

/* GET OAUTH_CALLBACK_PATH: answers with the way to the console's page that tells what came of it, so that no code stays in the
 * address. */
void sign_in_call(struct http *h);
