/* What the server says of mailboxes and of signing in at their providers: rows of base/saying.h, which says how they are made. */
#pragma once

#define SAYINGS_OF_MAILBOXES(SAYING)                                                                                  \
    SAYING(sign_in_nobody, CONFLICT, "Nobody signs in at a provider for this channel; see its setting Sign-in.", "")  \
    SAYING(sign_in_no_client, CONFLICT, "The client id of the app is missing.", "")                                   \
    SAYING(sign_in_no_address, CONFLICT, "The address where people sign in is missing, or is no web address.", "")    \
    SAYING(sign_in_browser, UNAUTHENTICATED,                                                                          \
           "No administrator is logged in to the desk at its public address in this browser.", "")                    \
    SAYING(sign_in_state, CONFLICT,                                                                                   \
           "This sign-in has ended, was used, or was begun in another browser session. Begin again.", "")             \
    SAYING(mailbox_unreachable, NONE, "The mailbox server could not be reached: %s.", "quote")                        \
    SAYING(mailbox_login, NONE, "The mailbox server refused the login: %s.", "quote")                                 \
    SAYING(mailbox_folder, NONE, "The mailbox server does not open the folder %s: %s", "folder quote")                \
    SAYING(mailbox_refused, NONE, "The mailbox server refuses what is needed to fetch mail: %s", "quote")             \
    SAYING(mailbox_broken, NONE, "The connection to the mailbox server ended: %s.", "quote")                          \
    SAYING(mailbox_sent, NONE, "Answers have left, but cannot be filed in the mailbox: %s", "quote")                  \
    SAYING(mailbox_no_sent, NONE, "Answers have left, but the mailbox has no folder of what was sent (\\Sent).", "")  \
    SAYING(mailbox_silent, NONE, "The mailbox server does not answer any more.", "")                                  \
    SAYING(mailbox_closed, NONE, "The mailbox server closed the connection.", "")                                     \
    SAYING(mailbox_no_imap, NONE, "What answers at the address of the mailbox server is no IMAP server.", "")         \
    SAYING(mailbox_after, NONE, "What is to be done after fetching cannot be done in the mailbox: %s", "quote")       \
    SAYING(graph_denied, NONE, "Microsoft lets nobody into this mailbox by that sign-in: %s", "quote")                \
    SAYING(graph_send_as, NONE, "%s may not send as %s. Give it Send As for that mailbox in Exchange.",               \
           "user address")                                                                                            \
    SAYING(graph_send_as_other, NONE,                                                                                 \
           "%s may not send as %s, so this did not leave. Give it Send As for that mailbox in Exchange, or choose "   \
           "another sender.",                                                                                         \
           "user sender")                                                                                             \
    SAYING(mailbox_token, NONE, "The mailbox server refused the token of the provider: %s.", "quote")                 \
    SAYING(sign_in_cancelled, NONE, "The sign-in was cancelled, or refused at the provider. (%s)", "quote")           \
    SAYING(sign_in_no_refresh, NONE, "The provider gave no refresh token, so access would end within the hour.", "")  \
    SAYING(sign_in_other, NONE, "%s has signed in, but the channel signs in as %s. Nothing was changed.", "who user") \
    SAYING(oauth_no_client, NONE, "The client id of the app is missing.", "")                                         \
    SAYING(oauth_no_tenant, NONE, "The tenant is missing: the app itself signs in at a tenant alone.", "")            \
    SAYING(oauth_no_address, NONE, "The address where the provider gives tokens is missing.", "")                     \
    SAYING(oauth_not_signed_in, NONE, "Nobody has signed in at the provider yet.", "")                                \
    SAYING(oauth_testing, NONE,                                                                                       \
           "The sign-in has ended after %d days, as the app is only being tested at the provider. Publish the app, "  \
           "then sign in again.",                                                                                     \
           "days")                                                                                                    \
    SAYING(oauth_unreachable, NONE, "The provider gives no token now: %s. It is asked again.", "quote")               \
    SAYING(oauth_refused, NONE, "The provider refuses to give a token: %s", "quote")                                  \
    SAYING(oauth_unused, NONE, "The sign-in has ended, because it was not used for long. Sign in again. (%s)",        \
           "quote")                                                                                                   \
    SAYING(oauth_password, NONE,                                                                                      \
           "The sign-in has ended, because the password was changed or it was revoked. Sign in again. (%s)", "quote") \
    SAYING(oauth_factor, NONE, "The provider asks for a second factor. Sign in again with it. (%s)", "quote")         \
    SAYING(oauth_consent, NONE, "Nobody has consented that this app reads the mailbox. (%s)", "quote")                \
    SAYING(oauth_policy, NONE, "A policy at the provider does not let this app sign in. (%s)", "quote")               \
    SAYING(oauth_grant, NONE, "The provider takes the refresh token no more; sign in again. (%s)", "quote")           \
    SAYING(oauth_secret, NONE, "The client secret has expired; make a new one. (%s)", "quote")                        \
    SAYING(oauth_client, NONE,                                                                                        \
           "The provider does not know this client id with this secret. See both in the channel's settings. (%s)",    \
           "quote")
