#include "base/terms.h"

#include <stddef.h>

const char *const MEDIUM_NAMES[] = {"none",      "email",    "chat", "phone", "line",  "whatsapp", "messenger",
                                    "instagram", "telegram", "sms",  "shop",  "other", NULL};
const char *const IDENTITY_KIND_NAMES[] = {
    "",          "email",    "phone",         "visitor",      "line",     "whatsapp",         "messenger",
    "instagram", "telegram", "shop_customer", "loyalty_card", "external", "unverified_email", NULL};
const char *const PROOF_NAMES[] = {"anonymous", "claimed", "proven", "confirmed", NULL};
const char *const CONSENT_NAMES[] = {"unknown", "granted", "refused", NULL};
const char *const OPERATION_KIND_NAMES[] = {"merge", "move", "share", NULL};
const char *const ATTRIBUTE_TYPE_NAMES[] = {"text", "number", "date", "yes_no", "choice", NULL};
const char *const ENTRY_KIND_NAMES[] = {"message", "note",     "call",   "order",    "points",
                                        "visit",   "campaign", "survey", "activity", NULL};
const char *const DIRECTION_NAMES[] = {"in", "out", "internal", NULL};
const char *const AUTHOR_KIND_NAMES[] = {"customer", "agent", "system", NULL};
const char *const DELIVERY_NAMES[] = {"none", "queued", "uncertain", "sent", "delivered",
                                      "read", "failed", "cancelled", NULL};
const char *const CONVERSATION_STATUS_NAMES[] = {"open", "snoozed", "resolved", NULL};
const char *const PREVIEW_CODE_NAMES[] = {
    "none",      "text",        "files",         "call_ringing", "call_in_progress", "call_completed", "call_missed",
    "call_busy", "call_failed", "call_recorded", "reaction",     "erased",           "voicemail",      NULL};
const char *const NOTICE_NAMES[] = {"none", "snooze_ended", "answer_failed", NULL};
const char *const PRIORITY_NAMES[] = {"low", "normal", "high", "urgent", NULL};
const char *const ROLE_NAMES[] = {"", "visitor", "agent", "supervisor", "admin", NULL};
const char *const TOKEN_SCOPE_NAMES[] = {"put", "read", "send", "administer", NULL};
const char *const ORDER_STATE_NAMES[] = {"placed",         "paid",     "preparing", "ready_for_pickup",
                                         "partly_shipped", "shipped",  "delivered", "cancelled",
                                         "returned",       "refunded", NULL};
const char *const ORDER_PLACE_NAMES[] = {"web", "app", "store", "phone", "other", NULL};
const char *const JOURNAL_STATUS_NAMES[] = {"done", "failed", NULL};
const char *const TASK_KIND_NAMES[] = {"import", "export", "erase", NULL};
const char *const TASK_STATE_NAMES[] = {"waiting", "running", "done", "failed", "cancelled", NULL};
const char *const AUDIT_ACTION_NAMES[] = {
    "merge",        "unmerge",       "split",        "move",         "move_back",      "share",
    "unshare",      "distinguish",   "withdraw",     "consent",      "import",         "export",
    "erase",        "login",         "login_failed", "logout",       "sessions_end",   "agent_create",
    "agent_update", "password",      "token_create", "token_revoke", "channel_create", "channel_update",
    "journal_read", "journal_retry", "export_read",  "block",        "unblock",        NULL};
_Static_assert(sizeof(AUDIT_ACTION_NAMES) / sizeof(AUDIT_ACTION_NAMES[0]) == AUDIT_ACTIONS_ + 1, "a word each");
const char *const ACCESS_WHAT_NAMES[] = {"timeline", "export", "entry", "search", NULL};
