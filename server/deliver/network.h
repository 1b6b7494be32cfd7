/* Where a connection to the outside may go, and what must be encrypted on it: the same for all that libcurl does for us.
 *
 * Where: to public addresses; to private ones and to this machine only where `networks` names them, but for mail servers on this
 * machine; never to link-local ones, where clouds keep their metadata. The address is checked that is connected to, so a name
 * that resolves to something else at the second look gains nothing. No proxy of the environment: it would connect where we may
 * not look. */
#pragma once

#include "desk/ground/desk.h"

#include <curl/curl.h>

/* Of one handle. Outlives what is set. */
struct network {
    const struct outgoing_rules *rules; /* borrowed */
    bool mail;                          /* it goes to a mail server (SMTP, IMAP) */
    char refused[80];                   /* the address that it may not go to, or "" */
};

void network_set(CURL *c, struct network *n); /* after each curl_easy_reset */

/* On this machine: there a password, or a token, may be sent without encryption. It leaves the machine encrypted or not at all. */
bool network_is_here(const char *url);

/* Of a mail server that is asked for encryption in the open (STARTTLS, RFC 3207, RFC 9051 §6.2.1): it is taken whenever it is
 * offered, with the certificate checked; `must`: or nothing is said. A certificate proves nothing about this machine to itself:
 * Debian's servers show a self-signed one there. */
void network_set_starttls(CURL *c, const char *url, bool must);

/* Why nothing came of it, where we know what helps: a saying, or NULL. */
const char *network_said(const struct network *n, struct arena *a, CURLcode code);
