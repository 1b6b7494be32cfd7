/* The contract of a channel: pure translation between a provider's bytes and our records. A channel touches neither the
 * database nor the loop nor the network, keeps no state, and may be called from any thread. So each is testable from
 * files alone. docs/ARCHITECTURE.md says what a new one touches. */
#pragma once

#include "base/error.h"
#include "channel/inbound.h"

struct channel_type;
struct oauth_way;

/* One connected account. Read-only; outlives every call that it is given to. */
struct channel_account {
    int64_t id;
    struct uuid uuid;
    const struct channel_type *type;
    const char *name;
    bool active;
    enum role readers;            /* the lowest that may read what comes and goes by it */
    struct json_object *settings; /* settings and secrets by name, defaults filled in; borrowed */
    const char *webhook_url;      /* the public one, which some providers sign */
    const struct list *signers;   /* struct signer: whose signatures on mail are known (signer.h); NULL: nobody's */
    struct list kept;             /* struct kept: what the provider has given for a while (ERRAND_KEPT) */
};

struct kept {
    const char *name, *value;
    int64_t until;
};

/* What is kept under that handle, and holds now; NULL: nothing. */
const char *channel_kept(const struct channel_account *account, const char *handle, int64_t now);

/* The text of a setting or secret; "" when it is not set. Lives as long as the account. */
const char *channel_setting(const struct channel_account *account, const char *name);

/* Of a setting that is a choice; NULL of another. */
const char *const *channel_choice(const struct channel_type *type, const char *setting);

/* Settings of a type that leaves these to the account. */
#define CHANNEL_MEDIUM "medium"
#define CHANNEL_REACHES "reaches"
enum medium channel_medium(const struct channel_account *account);
/* The kind of identity that this account writes to; IDENTITY_NONE: none. */
enum identity_kind channel_reaches(const struct channel_account *account);

struct web_header {
    const char *name; /* lower case */
    const char *value;
    bool secret; /* it proves by itself who sends: neither the journal nor a parser's process gets it */
};

/* A header that a type wants. */
struct header_wanted {
    const char *name; /* lower case */
    bool secret;
};

/* A webhook call as it came, or what was brought otherwise. Only the headers that the type names are there. */
struct web_request {
    const char
        *method; /* "GET" or "POST"; "LMTP": a mail server has handed it over so; FETCHED_METHOD: it is an errand's */
    const char *query;        /* encoded, without the question mark; "" when none */
    const char *content_type; /* as sent, or "" */
    const struct web_header *headers;
    size_t n_headers;
    const char *body; /* exact bytes, also NUL-terminated */
    size_t body_len;
    int64_t received_at;
};

const char *web_header(const struct web_request *request, const char *name); /* or NULL */

struct web_answer {
    int status;
    const char *content_type; /* or NULL */
    const char *body;         /* or NULL */
};

enum setting_kind {
    SETTING_TEXT,
    SETTING_SECRET,
    SETTING_URL,
    SETTING_EMAIL,
    SETTING_PHONE,
    SETTING_BOOL,
    SETTING_WORD,
    SETTING_MEDIUM,    /* a word of MEDIUM_NAMES */
    SETTING_IDENTITY,  /* a word of IDENTITY_KIND_NAMES */
    SETTING_CHOICE,    /* a word of channel_type.choices */
    SETTING_LINES,     /* text of several lines */
    SETTING_SIGNATURE, /* the same; this and the next: struct sender */
    SETTING_SENDERS,
    SETTING_DATE /* 2027-06-30 */
};

enum setting_flags {
    SETTING_REQUIRED = 1,
    SETTING_GENERATED = 2, /* the server makes a random one when none is given, and shows it once */
};

struct setting {
    const char *name;
    enum setting_kind kind; /* SETTING_SECRET is sealed at rest and never shown again */
    unsigned flags;
    const char *standard; /* default, or NULL */
    const char *label;    /* for people: "Channel secret" */
    const char *help;     /* where to find it at the provider */
};

/* What a setting of SETTING_CHOICE may be, up to a NULL. */
struct setting_choice {
    const char *setting;
    const char *const *words;
};

/* How one more request for a file goes. */
enum file_ask {
    FILE_NOT_ASKED,   /* it cannot be had */
    FILE_ASK_WHERE,   /* the answer only tells where it is: it is given to the next ask_file */
    FILE_ASK_CONTENT, /* the answer is the file */
};
#define REMOTE_FILE_BYTES_MAX 100000000 /* larger ones stay with the provider */

enum text_unit { UNIT_CODE_POINTS, UNIT_UTF16, UNIT_BYTES };

/* What becomes of an answer with bold words, lists, links (base/markdown.h) where it goes. */
enum rich_text {
    RICH_NONE,     /* it is plain */
    RICH_MARKS,    /* outbound.text has the marks of messengers */
    RICH_HTML,     /* outbound.html has it beside the plain text; in chat the widget shows it */
    RICH_PICTURES, /* the same, and it shows files that are inline where it names their Content-ID */
};

#define MESSAGE_FILES_MAX 20      /* with any message or note */
#define CHAT_FILES_MAX 10         /* with a message of a chat, either way */
#define UPLOAD_BYTES_MAX 25000000 /* of a file that somebody brings */

/* Of the files of one answer; a type without takes none. */
struct file_limits {
    size_t count;
    int64_t each, total; /* bytes */
    int64_t words_max;   /* of the text that goes with them, in text_unit; 0: as of any */
};

/* By what way mail is fetched (collect/). */
enum collects { COLLECTS_NOTHING, COLLECTS_BY_IMAP, COLLECTS_BY_GRAPH, COLLECTS_WAYS_ };

struct channel_type {
    const char *name;  /* stable: stored, and part of the webhook URL: "line" */
    const char *label; /* "LINE" */
    const char *help;  /* one or two sentences: what it connects and what one needs for it */
    enum medium medium;
    const struct setting *settings;       /* up to a row without a name */
    const struct setting_choice *choices; /* of its settings that are a choice; up to a row without a setting */
    const struct oauth_way
        *oauth;             /* the words of its setting `sign_in` (channel/oauth.h), up to a row without one; or NULL */
    const char *oauth_user; /* … and the setting with whom that must be */

    /* In. NULL verify: this type has no webhook. `collects`: we fetch it ourselves (collect/collect.h), and hand it to `parse`. */
    enum collects collects;
    const struct header_wanted *headers; /* that verify, parse and the journal want; up to a row without a name */
    size_t body_max;                     /* bytes */
    bool raw_mail;                       /* parse takes a mail as it is (message/rfc822), whoever has brought it */
    bool parse_apart; /* a library reads what strangers nest and repeat: always in a process of its own (parser/) */
    /* Is this really from the provider? Over the raw bytes, before anything is parsed. False fills *err. */
    bool (*verify)(const struct channel_account *account, const struct web_request *request, struct error *err);
    /* What does it say? Walks the whole batch; one bad item must not lose the others (ret->problem). Unknown kinds of
     * events are no problem: they give no item. False (nothing of it could be understood) fills *err. */
    bool (*parse)(const struct channel_account *account, const struct web_request *request, struct arena *a,
                  struct inbound_list *ret, struct error *err);
    /* What verify refuses for lack of it, and can be had (ERRAND_KEPT): the call is put off until it comes again. Nothing of the call is
     * proven: asks only for what whoever sends such calls cannot choose, within its `slot`. False: nothing, it is refused. NULL: never. */
    bool (*ask_first)(const struct channel_account *account, const struct web_request *request, struct arena *a,
                      struct errand *ret);
    /* A GET on the webhook URL (subscription checks), or NULL. Always fills *ret. */
    void (*challenge)(const struct channel_account *account, const struct web_request *request, struct arena *a,
                      struct web_answer *ret);
    struct web_answer accepted; /* after the commit, and for repeats */
    struct web_answer refused;  /* verify said no */
    struct web_answer later;    /* the database is away: what makes this provider try again */

    /* Out. NULL build: nothing can be sent by this type, or (chat) the hub itself delivers. */
    enum identity_kind reaches; /* the kind of identity it writes to; IDENTITY_NONE: none. See channel_reaches */
    const char *needs_to_send;  /* the setting without which an account sends nothing; or NULL */
    int64_t text_max;           /* 0: no limit */
    enum text_unit text_unit;
    int64_t window_ms; /* free answers only so long after the person's last message; 0: always */
    int idempotent_from; /* the first try (1: the first at all) from which the provider drops a repeat with the same key, so
                          * that a time-out may be tried again; 0: none. LINE's first try may be a reply, which has no key */
    bool has_subject;
    bool one_at_a_time; /* its provider minds several calls at once: a server sends one answer after the other */
    bool replaces_ids;  /* the provider puts a Message-ID of its own in the place of ours */
    size_t
        copies_max; /* so many people may have an answer besides the one it is for, openly or not (To, Cc, Bcc); 0: none */
    enum rich_text rich;
    struct file_limits files;
    bool (*build)(const struct channel_account *account, const struct outbound *out, struct arena *a,
                  struct send_request *ret, struct error *err);
    /* What does the provider's answer mean? Also for no answer at all. */
    void (*read_reply)(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                       struct send_result *ret);

    /* The request of an errand, and what its answer means; no answer at all is ERRAND_AGAIN without being asked about. NULL: it has none.
     * A GET that follows no redirect, at an address that is the provider's whoever has told it: the handle may come from a process that a
     * stranger has taken over. False fills *err: it cannot be asked for. */
    bool (*ask_errand)(const struct channel_account *account, const struct errand *errand, int64_t now, struct arena *a,
                       struct send_request *ret, struct error *err);
    size_t fetched_max; /* bytes of an ERRAND_CONTENT */
    void (*read_errand)(const struct channel_account *account, const struct errand *errand,
                        const struct send_reply *reply, int64_t now, struct arena *a, struct errand_result *ret);

    /* What its provider is told when the channel is saved, such as where to send what comes. NULL: people do that there. */
    void (*ask_setup)(const struct channel_account *account, struct arena *a, struct send_request *ret);
    /* Why it did not take that, in its own words; NULL: it did. Of any answer but that it is not well now. */
    const char *(*read_setup)(const struct send_reply *reply, struct arena *a);

    /* Whether what has left is to be filed where we collect, because nobody else does (store/mailbox_sent.h). NULL: never. */
    bool (*files_sent)(const struct channel_account *account);

    /* Who somebody is whom webhooks name by an id alone (KIND_ASKED). NULL: nobody to ask. False: not this one. */
    bool (*ask_profile)(const struct channel_account *account, const char *value, struct arena *a,
                        struct send_request *ret);
    /* The name; NULL with SEND_DONE or SEND_NEVER: there is none for us. */
    const char *(*read_profile)(const struct send_reply *reply, struct arena *a, struct send_result *ret);

    /* A file that entries of this type name (attachment.remote). NULL: none of them does. Only ever at an address that the
     * provider or the settings have told: never at one that is a stranger's choice. `where`: a 200 to FILE_ASK_WHERE, or NULL. */
    enum file_ask (*ask_file)(const struct channel_account *account, const char *remote, const struct send_reply *where,
                              struct arena *a, struct send_request *ret);
    /* What an answer other than 200 says of the file, where the status alone says too little: enum file_fetch; FETCH_DONE: what the
     * status says. NULL: it always says enough. */
    int (*read_refusal)(const struct send_reply *reply);
};

/* The table, up to a NULL. */
extern const struct channel_type *const CHANNEL_TYPES[];
const struct channel_type *channel_type_find(const char *name); /* or NULL */

/* Brings a value into the one form under which it is stored: e-mail trimmed and lower-cased (a display name and
 * brackets removed), phone numbers E.164 with `country` (ISO 3166, may be NULL) for national ones, others trimmed.
 * NULL: this is no such thing. */
const char *identity_normalise(struct arena *a, enum identity_kind kind, const char *value, const char *country);

/* Where mail for the account arrives: const char *, the address that answers come from first; of a type without mail empty. */
struct list channel_addresses(struct arena *a, const struct channel_account *account);
/* Whether `address`, normalised, is one of these: as it is, or with a tag behind a plus sign (RFC 5233). */
bool channel_takes(const struct channel_account *account, const char *address);

/* The Message-ID of what leaves from that address, which says which entry it is; and the entry that one names (channel/mail_thread.h), or
 * none. */
const char *mail_id_of(struct arena *a, const struct uuid *entry, const char *address);
struct uuid mail_entry_of(const char *message_id);

/* From which of our addresses mail goes, and what stands below it: channel/sender.c. The channel's own address comes first; the setting
 * `senders` has further ones: a line "Name <address>" begins one, and the lines below it are its signature (without any: the channel's).
 * They are another list than the addresses where mail arrives: answers to one that is none of these are asked for at the channel's own
 * (Reply-To). */
#define SENDERS_MAX 20

struct sender {
    const char *name, *address;
    const char *signature; /* Markdown with names in braces; NULL: none */
};

/* struct sender, the standard one first; empty: a type without mail, or without a valid address. */
struct list channel_senders(struct arena *a, const struct channel_account *account);
const struct sender *sender_find(const struct list *senders, const char *address); /* or NULL */

/* What a signature may name. */
struct signed_for {
    const char *agent_name, *person_name; /* or NULL */
    const struct sender *sender;
};

/* As Markdown, with what is named filled in; NULL: there is nothing. */
const char *sender_signature(struct arena *a, const struct signed_for *who);
/* The same as plain text. */
const char *sender_signature_plain(struct arena *a, const struct signed_for *who);

/* Whether these settings can be saved: all that is named is known, and senders are addresses. False fills *err. */
bool signature_fits(struct arena *a, const char *setting, const char *value, struct error *err);
bool senders_fit(struct arena *a, const char *setting, const char *value, struct error *err);

/* A wa_id is the international number, so whoever vouches for it vouches for the phone number as well: adds that of each. A
 * user id is none. */
void inbound_add_phones(struct arena *a, struct inbound *item);

/* The currency is one of ISO 4217, and its amounts are decimals of it. False fills *err, its field the member behind `where`, such
 * as "orders[3].order.". */
bool order_amounts_fit(struct arena *a, const struct order_facts *order, const char *where, struct error *err);

/* A telephone number of a list, as identity_normalise gives it. What a spreadsheet has spoilt is mended where only one number
 * can have been meant; NULL: *ret_doubt says why it is refused. */
enum phone_doubt {
    PHONE_NONE,    /* it is no number */
    PHONE_ROUNDED, /* a spreadsheet has made a number of it: "8.19012E+11" */
    PHONE_UNSURE,  /* without a country code, and none of `country` */
};
const char *phone_listed(struct arena *a, const char *value, const char *country, enum phone_doubt *ret_doubt);

/* The country of telephone numbers that come by the account without one: its setting, or else `otherwise`. The account may be
 * NULL. */
#define COUNTRY "country"
#define COUNTRY_SETTING                                                                  \
    {                                                                                    \
        COUNTRY, SETTING_TEXT, 0, NULL, "Country",                                       \
            "Two letters such as JP, for telephone numbers that come without a country." \
    }
const char *account_country(const struct channel_account *account, const char *otherwise);

/* Whom tokens of the provider let in (channel/oauth.h), and the setting with the day on which the secret ends that they are had by. */
enum oauth_by channel_signs_in(const struct channel_account *account);
#define OAUTH_SECRET_ENDS "oauth_secret_ends"

/* The setting by which a channel names the space of its customer numbers. Channels with the same word have the same
 * customers: a number of one is that number of another. Without it the space is the channel itself. */
#define CUSTOMER_SPACE "customer_space"
#define CUSTOMER_SPACE_SETTING                                                                                        \
    {                                                                                                                 \
        CUSTOMER_SPACE, SETTING_WORD, 0, NULL, "Space of customer numbers",                                           \
            "A word such as shop. Channels with the same word have the same customers: number 1042 here is number "   \
            "1042 there. Empty: this channel's numbers are its own. Set it before the first customers come; numbers " \
            "that were known before stay this channel's own."                                                         \
    }

/* The account's space of customer numbers, as identity_ref.space; SPACE_OF_ACCOUNT when it names none. It is a hash of the
 * word, beyond all keys of channels, and stored: no word ever has another. */
int64_t customer_space(const struct channel_account *account);

/* How a person is named at this account by a value (normalised) of that kind: in the kind's space, and otherwise empty. A
 * customer number in a space that is named is of one kind, shop_customer, whoever says it. `account` may be NULL for a kind
 * that is no customer number. */
struct identity_ref identity_ref_at(const struct channel_account *account, enum identity_kind kind, const char *value);
int64_t identity_scope_at(const struct channel_account *account, enum identity_kind kind); /* of its space, as stored */
