#include "base/terms.h"

#include "base/mem.h"

const char *const PROOF_NAMES[] = {"anonymous", "claimed", "proven", "confirmed", NULL};
const char *const OAUTH_BY_NAMES[] = {"nobody", "person", "app", NULL};
const char *const CONSENT_NAMES[] = {"unknown", "granted", "refused", NULL};
const char *const OPERATION_KIND_NAMES[] = {"merge", "move", "share", NULL};
const char *const ATTRIBUTE_TYPE_NAMES[] = {"text", "number", "date", "yes_no", "choice", NULL};
const char *const ENTRY_KIND_NAMES[] = {"message", "note",     "call",   "order",    "points",
                                        "visit",   "campaign", "survey", "activity", NULL};
const char *const DIRECTION_NAMES[] = {"in", "out", "internal", NULL};
const char *const AUTHOR_KIND_NAMES[] = {"customer", "agent", "system", "bot", NULL};
const char *const DELIVERY_NAMES[] = {"none", "queued", "uncertain", "sent",      "delivered",
                                      "read", "failed", "cancelled", "scheduled", NULL};
const char *const CONVERSATION_STATUS_NAMES[] = {"open", "snoozed", "resolved", NULL};
const char *const PREVIEW_CODE_NAMES[] = {
    "none",      "text",        "files",         "call_ringing", "call_in_progress", "call_completed", "call_missed",
    "call_busy", "call_failed", "call_recorded", "reaction",     "erased",           "voicemail",      "said",
    "bot",       NULL};
const char *const NOTICE_NAMES[] = {"none", "snooze_ended", "answer_failed", NULL};
const char *const PRIORITY_NAMES[] = {"low", "normal", "high", "urgent", NULL};
const char *const ROLE_NAMES[] = {"", "visitor", "agent", "supervisor", "admin", NULL};
const char *const TOKEN_SCOPE_NAMES[] = {"put", "read", "send", "administer", NULL};
const char *const ORDER_STATE_NAMES[] = {"placed",         "paid",     "preparing", "ready_for_pickup",
                                         "partly_shipped", "shipped",  "delivered", "cancelled",
                                         "returned",       "refunded", "deleted",   NULL};
const char *const ORDER_PAYMENT_NAMES[] = {"unknown",         "pending",  "authorized", "partly_paid", "paid",
                                           "partly_refunded", "refunded", "voided",     "expired",     NULL};
const char *const ORDER_PLACE_NAMES[] = {"web", "app", "store", "phone", "other", NULL};
const char *const JOURNAL_STATUS_NAMES[] = {"done", "failed", NULL};
const char *const TASK_KIND_NAMES[] = {"import", "export", "erase", NULL};
const char *const TASK_STATE_NAMES[] = {"waiting", "running", "done", "failed", "cancelled", NULL};
const char *const AUDIT_ACTION_NAMES[] = {"merge",           "unmerge",
                                          "split",           "move",
                                          "move_back",       "share",
                                          "unshare",         "distinguish",
                                          "withdraw",        "consent",
                                          "import",          "export",
                                          "erase",           "login",
                                          "login_failed",    "logout",
                                          "sessions_end",    "agent_create",
                                          "agent_update",    "password",
                                          "token_create",    "token_revoke",
                                          "channel_create",  "channel_update",
                                          "journal_read",    "journal_retry",
                                          "export_read",     "block",
                                          "unblock",         "infected_read",
                                          "file_link",       "mail_key_add",
                                          "mail_key_remove", NULL};
const char *const MAIL_KEY_KIND_NAMES[] = {"smime", "authority", "pgp", NULL};
const char *const ACCESS_WHAT_NAMES[] = {"timeline", "export", "entry", "search", NULL};

const char *const FILE_FETCH_NAMES[] = {"done",      "waiting", "gone",        "refused",
                                        "too_large", "damaged", "unreachable", NULL};
const char *const FILE_SCAN_NAMES[] = {"clean", "waiting", "infected", "too_large", NULL};
const char *const FOUND_IN_NAMES[] = {"name",     "other_name", "identity", "profile", "attribute",
                                      "tag",      "text",       "subject",  "file",    "order_number",
                                      "tracking", "item",       "detail",   "writer",  NULL};
const char *const FOUND_AS_NAMES[] = {"word", "beginning", "number", "ending", "address", "form", "similar", NULL};

NAMES_COUNTED(PROOF_NAMES, PROOFS_);
NAMES_COUNTED(OAUTH_BY_NAMES, OAUTH_BYS_);
NAMES_COUNTED(CONSENT_NAMES, CONSENTS_);
NAMES_COUNTED(ENTRY_KIND_NAMES, ENTRY_KINDS_);
NAMES_COUNTED(DIRECTION_NAMES, DIRECTIONS_);
NAMES_COUNTED(AUTHOR_KIND_NAMES, AUTHOR_KINDS_);
NAMES_COUNTED(DELIVERY_NAMES, DELIVERIES_);
NAMES_COUNTED(CONVERSATION_STATUS_NAMES, CONVERSATION_STATUSES_);
NAMES_COUNTED(PRIORITY_NAMES, PRIORITIES_);
NAMES_COUNTED(PREVIEW_CODE_NAMES, PREVIEW_CODES_);
NAMES_COUNTED(NOTICE_NAMES, NOTICES_);
NAMES_COUNTED(ROLE_NAMES, ROLES_);
NAMES_COUNTED(ORDER_STATE_NAMES, ORDER_STATES_);
NAMES_COUNTED(ORDER_PAYMENT_NAMES, ORDER_PAYMENTS_);
NAMES_COUNTED(ORDER_PLACE_NAMES, ORDER_PLACES_);
NAMES_COUNTED(OPERATION_KIND_NAMES, OPERATION_KINDS_);
NAMES_COUNTED(ATTRIBUTE_TYPE_NAMES, ATTRIBUTE_TYPES_);
NAMES_COUNTED(JOURNAL_STATUS_NAMES, JOURNAL_STATUSES_);
NAMES_COUNTED(TASK_KIND_NAMES, TASK_KINDS_);
NAMES_COUNTED(TASK_STATE_NAMES, TASK_STATES_);
NAMES_COUNTED(ACCESS_WHAT_NAMES, ACCESS_WHATS_);
NAMES_COUNTED(AUDIT_ACTION_NAMES, AUDIT_ACTIONS_);
NAMES_COUNTED(FILE_FETCH_NAMES, FETCHES_);
NAMES_COUNTED(FILE_SCAN_NAMES, FILE_SCANS_);
NAMES_COUNTED(FOUND_IN_NAMES, FOUND_IN_);
NAMES_COUNTED(FOUND_AS_NAMES, FOUND_AS_);
_Static_assert(1 << (COUNT_OF(TOKEN_SCOPE_NAMES) - 2) == TOKEN_SCOPES_END_ - 1,
               "TOKEN_SCOPE_NAMES: one a bit, and NULL");
