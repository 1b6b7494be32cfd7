/* The words of the trade, in one place: every enum that is stored, sent or shown, with its names.
 *
 * The numbers are stored in the database: add at the end, never reorder. X_NAMES is NULL-terminated and indexed by the
 * enum; these are the words of the API. */
#pragma once

#include "base/kinds.h"

/* Whether we may write to an identity on our own account. */
enum consent { CONSENT_UNKNOWN, CONSENT_GRANTED, CONSENT_REFUSED, CONSENTS_ };
extern const char *const CONSENT_NAMES[];

enum entry_kind {
    ENTRY_MESSAGE,
    ENTRY_NOTE,
    ENTRY_CALL,
    ENTRY_ORDER,
    ENTRY_POINTS,
    ENTRY_VISIT,
    ENTRY_CAMPAIGN,
    ENTRY_SURVEY,
    ENTRY_ACTIVITY, /* what happened to a conversation: assigned, resolved… */
    ENTRY_KINDS_,
};
extern const char *const ENTRY_KIND_NAMES[];

enum direction { DIRECTION_IN, DIRECTION_OUT, DIRECTION_INTERNAL, DIRECTIONS_ };
extern const char *const DIRECTION_NAMES[];

enum author_kind {
    AUTHOR_CUSTOMER,
    AUTHOR_AGENT,
    AUTHOR_SYSTEM,
    AUTHOR_BOT, /* an API token, under its name */
    AUTHOR_KINDS_
};
extern const char *const AUTHOR_KIND_NAMES[];

/* Whom tokens of a provider let in (OAuth 2.0) for a channel. */
enum oauth_by {
    OAUTH_BY_NOBODY, /* there are none: a password or a key is used */
    OAUTH_BY_PERSON, /* who has signed in, in a browser or elsewhere */
    OAUTH_BY_APP,    /* the app itself (RFC 6749 §4.4) */
    OAUTH_BYS_
};
extern const char *const OAUTH_BY_NAMES[];

/* Of an outgoing entry. Moves up only: a late "delivered" does not undo "read". */
enum delivery {
    DELIVERY_NONE, /* nothing to deliver */
    DELIVERY_QUEUED,
    DELIVERY_UNCERTAIN, /* handed over, no answer came: a receipt may settle it */
    DELIVERY_SENT,
    DELIVERY_DELIVERED,
    DELIVERY_READ,
    DELIVERY_FAILED,
    DELIVERY_CANCELLED, /* taken back before it left */
    DELIVERY_SCHEDULED, /* planned: it becomes queued at its time; none of those above, none of those below */
    DELIVERIES_,
};
extern const char *const DELIVERY_NAMES[];

enum conversation_status { CONVERSATION_OPEN, CONVERSATION_SNOOZED, CONVERSATION_RESOLVED, CONVERSATION_STATUSES_ };
extern const char *const CONVERSATION_STATUS_NAMES[];

/* What a row of the queue shows of the last entry; whoever shows it has the words. */
enum preview_code {
    PREVIEW_NONE, /* nothing has been said, or nothing of it is left */
    PREVIEW_TEXT, /* what was written */
    PREVIEW_FILES,
    PREVIEW_CALL_RINGING,
    PREVIEW_CALL_IN_PROGRESS,
    PREVIEW_CALL_COMPLETED,
    PREVIEW_CALL_MISSED,
    PREVIEW_CALL_BUSY,
    PREVIEW_CALL_FAILED,
    PREVIEW_CALL_RECORDED,
    PREVIEW_REACTION,
    PREVIEW_ERASED,
    PREVIEW_VOICEMAIL,
    PREVIEW_SAID, /* sayings (base/saying.h): a picture and the like, or why an answer was not delivered */
    PREVIEW_BOT,  /* what a bot has written */
    PREVIEW_CODES_,
};
extern const char *const PREVIEW_CODE_NAMES[];

/* Why a conversation is back. */
enum notice { NOTICE_NONE, NOTICE_SNOOZE_ENDED, NOTICE_ANSWER_FAILED, NOTICES_ };
extern const char *const NOTICE_NAMES[];

enum priority { PRIORITY_LOW, PRIORITY_NORMAL, PRIORITY_HIGH, PRIORITY_URGENT, PRIORITIES_ };
extern const char *const PRIORITY_NAMES[];

/* What a caller of the API may do; each role includes those before it. */
enum role { ROLE_NONE, ROLE_VISITOR, ROLE_AGENT, ROLE_SUPERVISOR, ROLE_ADMIN, ROLES_ };
extern const char *const ROLE_NAMES[];

/* What an API token may do; each is a bit of its set. TOKEN_ADMINISTER: all that its role may. With any other, only the
 * methods that say so, and these as its role may. */
enum token_scope { TOKEN_PUT = 1, TOKEN_READ = 2, TOKEN_SEND = 4, TOKEN_ADMINISTER = 8, TOKEN_SCOPES_END_ };
extern const char *const TOKEN_SCOPE_NAMES[]; /* by the place of the bit */

enum order_state {
    ORDER_PLACED,
    ORDER_PAID,
    ORDER_PREPARING,
    ORDER_READY_FOR_PICKUP,
    ORDER_PARTLY_SHIPPED,
    ORDER_SHIPPED,
    ORDER_DELIVERED,
    ORDER_CANCELLED,
    ORDER_RETURNED,
    ORDER_REFUNDED,
    ORDER_DELETED, /* the shop has it no more */
    ORDER_STATES_,
};
extern const char *const ORDER_STATE_NAMES[];

/* Where the money of an order is, whatever its state. */
enum order_payment {
    PAYMENT_UNKNOWN, /* the shop does not say, or has a word of its own */
    PAYMENT_PENDING,
    PAYMENT_AUTHORIZED,
    PAYMENT_PARTLY_PAID,
    PAYMENT_PAID,
    PAYMENT_PARTLY_REFUNDED,
    PAYMENT_REFUNDED,
    PAYMENT_VOIDED,  /* an authorisation was given up */
    PAYMENT_EXPIRED, /* an authorisation, before it was taken */
    ORDER_PAYMENTS_,
};
extern const char *const ORDER_PAYMENT_NAMES[];

/* Where an order was made. */
enum order_place { PLACE_WEB, PLACE_APP, PLACE_STORE, PLACE_PHONE, PLACE_OTHER, ORDER_PLACES_ };
extern const char *const ORDER_PLACE_NAMES[];

/* What changes whom identities belong to. */
enum operation_kind { OPERATION_MERGE, OPERATION_MOVE, OPERATION_SHARE, OPERATION_KINDS_ };
extern const char *const OPERATION_KIND_NAMES[];

/* The type of an attribute of people that an administrator has defined. */
enum attribute_type {
    ATTRIBUTE_TEXT,
    ATTRIBUTE_NUMBER,
    ATTRIBUTE_DATE,
    ATTRIBUTE_YES_NO,
    ATTRIBUTE_CHOICE,
    ATTRIBUTE_TYPES_
};
extern const char *const ATTRIBUTE_TYPE_NAMES[];

enum journal_status {
    JOURNAL_DONE,   /* became entries */
    JOURNAL_FAILED, /* could not be understood, or only in part; kept for a retry */
    JOURNAL_STATUSES_,
};
extern const char *const JOURNAL_STATUS_NAMES[];

/* What became of a file that a provider keeps until we have fetched it. All but the first two: it is not here, and why. */
enum file_fetch {
    FETCH_DONE, /* also of what came with the message */
    FETCH_WAITING,
    FETCH_GONE,        /* the provider has it no more */
    FETCH_REFUSED,     /* our credentials are not taken */
    FETCH_TOO_LARGE,   /* for us */
    FETCH_DAMAGED,     /* it is not what the provider says it is */
    FETCH_UNREACHABLE, /* no answer, or one that says nothing */
    FETCHES_
};
extern const char *const FILE_FETCH_NAMES[];

/* What a virus scanner says of a content (store/file_scan.h). */
enum file_scan_state {
    FILE_CLEAN,     /* also of what was never looked at */
    FILE_WAITING,   /* nobody gets it before it was looked at */
    FILE_INFECTED,  /* nobody gets it but an administrator who insists */
    FILE_TOO_LARGE, /* for the scanner, or it cannot look at it: it is given out with that said */
    FILE_SCANS_
};
extern const char *const FILE_SCAN_NAMES[];

/* Long work. */
enum task_kind { TASK_IMPORT, TASK_EXPORT, TASK_ERASE, TASK_KINDS_ };
extern const char *const TASK_KIND_NAMES[];

enum task_state { TASK_WAITING, TASK_RUNNING, TASK_DONE, TASK_FAILED, TASK_CANCELLED, TASK_STATES_ };
extern const char *const TASK_STATE_NAMES[];

/* What was decided about a person or the data. */
enum audit_action {
    AUDIT_MERGE,
    AUDIT_UNMERGE,
    AUDIT_SPLIT,
    AUDIT_MOVE,
    AUDIT_MOVE_BACK,
    AUDIT_SHARE,
    AUDIT_UNSHARE,
    AUDIT_DISTINGUISH,
    AUDIT_WITHDRAW,
    AUDIT_CONSENT,
    AUDIT_IMPORT,
    AUDIT_EXPORT,
    AUDIT_ERASE,
    /* from here on: who may do what, and who came in; each is also a line `security event=<name>` in the log */
    AUDIT_LOGIN,
    AUDIT_LOGIN_FAILED,
    AUDIT_LOGOUT,
    AUDIT_SESSIONS_END, /* of somebody whose rights or password have changed */
    AUDIT_AGENT_CREATE,
    AUDIT_AGENT_UPDATE,
    AUDIT_PASSWORD,
    AUDIT_TOKEN_CREATE,
    AUDIT_TOKEN_REVOKE,
    AUDIT_CHANNEL_CREATE,
    AUDIT_CHANNEL_UPDATE,
    AUDIT_JOURNAL_READ,
    AUDIT_JOURNAL_RETRY,
    AUDIT_EXPORT_READ, /* the file of an export was fetched */
    AUDIT_BLOCK,
    AUDIT_UNBLOCK,
    AUDIT_INFECTED_READ, /* a file that holds a virus was fetched */
    AUDIT_FILE_LINK,     /* a file was given to somebody without an account */
    AUDIT_MAIL_KEY_ADD,
    AUDIT_MAIL_KEY_REMOVE,
    AUDIT_ACTIONS_
};
#define AUDIT_SECURITY_FIRST AUDIT_LOGIN
extern const char *const AUDIT_ACTION_NAMES[];

/* Whose signatures on mail are known. */
enum mail_key_kind {
    MAIL_KEY_SMIME,     /* a certificate */
    MAIL_KEY_AUTHORITY, /* what issues certificates */
    MAIL_KEY_PGP,
    MAIL_KEY_KINDS_
};
extern const char *const MAIL_KEY_KIND_NAMES[];

/* How somebody came to see a person's data. */
enum access_what { ACCESS_TIMELINE, ACCESS_EXPORT, ACCESS_ENTRY, ACCESS_SEARCH, ACCESS_WHATS_ };
extern const char *const ACCESS_WHAT_NAMES[];

/* In what a search has found what was asked for. Of a person … */
enum found_in {
    FOUND_IN_NAME,
    FOUND_IN_OTHER_NAME, /* by which a provider calls them, or of a record that has become part of theirs */
    FOUND_IN_IDENTITY,   /* an address, a number or an id */
    FOUND_IN_PROFILE,    /* a text of the profile: company, about … */
    FOUND_IN_ATTRIBUTE,
    FOUND_IN_TAG,
    /* … and of an entry. */
    FOUND_IN_TEXT,
    FOUND_IN_SUBJECT,
    FOUND_IN_FILE, /* the name of an attachment */
    FOUND_IN_ORDER_NUMBER,
    FOUND_IN_TRACKING,
    FOUND_IN_ITEM,   /* of an order */
    FOUND_IN_DETAIL, /* what a provider has told besides */
    FOUND_IN_WRITER, /* who wrote is called so */
    FOUND_IN_,
};
extern const char *const FOUND_IN_NAMES[];

/* How what is there agrees with what was asked for. */
enum found_as {
    FOUND_AS_WORD,
    FOUND_AS_BEGINNING, /* of a word that was not typed to its end */
    FOUND_AS_NUMBER,    /* in another spelling */
    FOUND_AS_ENDING,    /* of a number */
    FOUND_AS_ADDRESS,   /* a part of it */
    FOUND_AS_FORM,      /* the same word in the singular or plural */
    FOUND_AS_SIMILAR,   /* but for a typo */
    FOUND_AS_,
};
extern const char *const FOUND_AS_NAMES[];
