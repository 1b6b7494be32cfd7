/* channel.*: the connected accounts; journal.*: their raw input. */
#include "store/channel.h"
#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "base/text.h"
#include "channel/channel.h"
#include "desk/act/replay.h"
#include "desk/conversation/refold.h"
#include "store/journal.h"
#include "store/mailbox.h"
#include "store/outbox.h"

struct setting_row {
    const char *name;
    int kind;
    bool required, generated;
    const char *standard;
    const char *label;
    const char *help;
    struct list choices;
};

struct type_row {
    const char *type;
    const char *label;
    const char *help;
    int medium;
    bool receives, collects, sends;
    const char *redirect_url;
    struct list settings;
};

struct type_list {
    struct list types;
};

struct channel_list {
    struct list channels;
};

struct channel_create {
    const char *type;
    const char *name;
    const char *settings;
    int readers;
};

struct channel_update {
    struct uuid id;
    const char *name;
    int active;
    const char *settings;
    int readers;
    int64_t version;
};

struct channel_rotate {
    struct uuid id;
    const char *setting;
    int64_t version;
};

struct channel_saved {
    struct channel_row *channel;
    const char *generated;
};

struct journal_list_params {
    struct uuid channel_id;
    int status;
    struct uuid before;
    int64_t limit;
};

struct journal_list {
    struct list rows;
};

struct journal_retried {
    struct journal_row *row;
    int64_t entries;
};

/* ROLE_NAMES from ROLE_AGENT on. */
static const char *const READER_NAMES[] = {"", "", "agent", "supervisor", "admin", NULL};
static const char *const SETTING_KIND_NAMES[] = {"text",   "secret",   "url",    "email", "phone", "bool", "word",
                                                 "medium", "identity", "choice", "lines", "date",  NULL};
static SHAPE(SETTING_SHAPE, setting_row, "ChannelSetting", "A setting of a channel type.",
    TEXT_REQ(setting_row, name, "name", 64, "Name in `settings`."),
    ENUM_REQ(setting_row, kind, "kind", SETTING_KIND_NAMES, "What its value is; secrets are never given back."),
    BOOL(setting_row, required, "required", "Must be given."),
    BOOL(setting_row, generated, "generated", "The server makes one when it is not given."),
    TEXT(setting_row, standard, "standard", 200, "Value when not given."),
    TEXT_REQ(setting_row, label, "label", 100, "For people."),
    TEXT(setting_row, help, "help", 500, "Where to find it."),
    TEXTS(setting_row, choices, "choices", 0, "Of a choice: the words that it may be; the first when none is given."));
static SHAPE(TYPE_SHAPE, type_row, "ChannelType", "What can be connected.",
    TEXT_REQ(type_row, type, "type", 32, "Name."),
    TEXT_REQ(type_row, label, "label", 100, "For people."),
    TEXT(type_row, help, "help", 500, "What it connects and what one needs for it."),
    ENUM_REQ(type_row, medium, "medium", MEDIUM_NAMES, "By what means it reaches people."),
    BOOL(type_row, receives, "receives", "Has a webhook."),
    BOOL(type_row, collects, "collects", "Fetches mail from a mailbox: see mailbox.start."),
    BOOL(type_row, sends, "sends", "Answers can be sent by it."),
    TEXT(type_row, redirect_url, "redirect_url", 500, "Where a provider sends back who signs in there (OAuth 2.0), to be registered with the app; null of a type without: see mailbox.sign_in."),
    LIST(type_row, settings, "settings", &SETTING_SHAPE, 0, "What it needs to know."));
static SHAPE(TYPE_LIST, type_list, "ChannelTypeList", "All types.",
    LIST(type_list, types, "types", &TYPE_SHAPE, 0, "In the order to offer them."));
static SHAPE(CHANNEL_LIST, channel_list, "ChannelList", "All channels.",
    LIST(channel_list, channels, "channels", &CHANNEL_SHAPE, 0, "By name. Settings are shown to admins only."));
static SHAPE(CHANNEL_CREATE, channel_create, "ChannelCreateParams", "A new channel.",
    TEXT_REQ(channel_create, type, "type", 32, "One of channel.types."),
    TEXT_REQ(channel_create, name, "name", 200, "What agents call it."),
    JSON(channel_create, settings, "settings", 20000, "Object: settings and secrets by name."),
    ENUM(channel_create, readers, "readers", READER_NAMES, "The lowest role that may read it; default agent."));
static SHAPE(CHANNEL_UPDATE, channel_update, "ChannelUpdateParams", "What is given is changed.",
    UUID_REQ(channel_update, id, "id", "Which."),
    TEXT(channel_update, name, "name", 200, "New name."),
    ENUM(channel_update, active, "active", YES_NO, "no: takes nothing in and sends nothing."),
    JSON(channel_update, settings, "settings", 20000, "Object: the settings and secrets to change; null removes one."),
    ENUM(channel_update, readers, "readers", READER_NAMES, "The lowest role that may read it."),
    INT(channel_update, version, "version", 0, INT64_MAX, VERSION_HELP));
static SHAPE(CHANNEL_ROTATE, channel_rotate, "ChannelRotateParams", "A secret that the server makes.",
    UUID_REQ(channel_rotate, id, "id", "Which channel."),
    TEXT_REQ(channel_rotate, setting, "setting", 64, "Which secret, such as identity_secret."),
    INT(channel_rotate, version, "version", 0, INT64_MAX, VERSION_HELP));
static SHAPE(CHANNEL_SAVED, channel_saved, "ChannelSaved", "The channel, and secrets that were made for it, shown this once.",
    OBJECT(channel_saved, channel, "channel", &CHANNEL_SHAPE, "The channel."),
    JSON(channel_saved, generated, "generated", 0, "Object: secrets that the server made, by name."));
static SHAPE(JOURNAL_LIST_PARAMS, journal_list_params, "JournalListParams", "Which rows, newest first.",
    UUID(journal_list_params, channel_id, "channel_id", "Of one channel."),
    ENUM(journal_list_params, status, "status", JOURNAL_STATUS_NAMES, "With this status."),
    UUID(journal_list_params, before, "before", "Older than this row: the last one of the page before."),
    INT(journal_list_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(JOURNAL_LIST, journal_list, "JournalList", "Raw inputs.",
    LIST(journal_list, rows, "rows", &JOURNAL_SHAPE, 0, "Newest first."));
static SHAPE(JOURNAL_RETRIED, journal_retried, "JournalRetried", "What a retry gave.",
    OBJECT(journal_retried, row, "row", &JOURNAL_SHAPE, "The row as it is now."),
    INT(journal_retried, entries, "entries", 0, 0, "New or changed entries."));

static struct setting_row setting_row_of(struct arena *a, const struct channel_type *type, const struct setting *s)
{
    struct setting_row row = {.name = s->name,
                              .kind = (int)(s->kind > SETTING_LINES ? SETTING_LINES : s->kind), /* what is typed */
                              .required = s->flags & SETTING_REQUIRED,
                              .generated = s->flags & SETTING_GENERATED,
                              .standard = s->standard,
                              .label = s->label,
                              .help = s->help};
    for (const char *const *word = channel_choice(type, s->name); word && *word; word++)
        *(const char **)list_grow(a, &row.choices, sizeof(char *)) = *word;
    return row;
}

static bool list_types(struct call *call)
{
    struct type_list *result = call->result;
    for (const struct channel_type *const *type = CHANNEL_TYPES; *type; type++) {
        struct type_row *row = list_grow(call->arena, &result->types, sizeof(*row));
        *row = (struct type_row){.type = (*type)->name,
                                 .label = (*type)->label,
                                 .help = (*type)->help,
                                 .medium = (int)(*type)->medium,
                                 .receives = (*type)->verify != NULL,
                                 .collects = (*type)->collects != COLLECTS_NOTHING,
                                 .sends = (*type)->reaches != IDENTITY_NONE,
                                 .redirect_url = (*type)->oauth ? account_redirect_url(call->desk, call->arena) : NULL};
        for (const struct setting *s = (*type)->settings; s && s->name; s++)
            *(struct setting_row *)list_grow(call->arena, &row->settings, sizeof(struct setting_row)) =
                setting_row_of(call->arena, *type, s);
    }
    return true;
}

static void add_mailbox_states(struct call *call, struct list channels)
{
    struct channel_row *rows = channels.items;
    struct list mailboxes = mailbox_list(call->db, call->arena);
    for (const struct mailbox *m = mailboxes.items, *end = m + mailboxes.n; m < end; m++)
        for (size_t i = 0; i < channels.n; i++)
            if (rows[i].key == m->channel)
                rows[i].mailbox = m;
}

static bool list_channels(struct call *call)
{
    struct channel_list *result = call->result;
    result->channels = channel_list(call->db, call->arena, true);
    if (call->caller.role >= ROLE_ADMIN)
        add_mailbox_states(call, result->channels);
    for (size_t i = 0; i < result->channels.n; i++) {
        struct channel_row *row = (struct channel_row *)result->channels.items + i;
        account_describe(call->desk, call->arena, row);
        if (call->caller.role < ROLE_ADMIN) {
            row->settings = "{}";
            row->webhook_url = NULL;
            row->unsent_error = NULL; /* it may name whom an answer was for */
        }
    }
    return call_db_fine(call);
}

static bool saved(struct call *call, const struct uuid *id, const char *generated)
{
    struct channel_saved *result = call->result;
    result->channel = channel_get(call->db, call->arena, id);
    result->generated = generated;
    if (!call_db_fine(call) || !result->channel)
        return false;
    account_describe(call->desk, call->arena, result->channel);
    changes_add(&call->changes, (struct change){.kind = CHANGE_CHANNELS});
    return true;
}

/* Of settings only the names are told: any of them may hold a secret. */
static void add_setting_names(struct buf *facts, const char *settings)
{
    struct json_object *given = settings ? json_parse(settings, strlen(settings), NULL) : NULL;
    AUTO_BUF struct buf names = {0};
    if (json_object_is_type(given, json_type_object)) {
        json_object_object_foreach(given, name, value) {
            (void)value;
            buf_printf(&names, "%s%s", names.len ? " " : "", name);
        }
    }
    json_object_put(given);
    facts_text(facts, "settings", names.data);
}

static const char *channel_facts(struct call *call, const struct channel_row *row, const char *settings)
{
    struct buf facts = {0};
    char id[UUID_TEXT_SIZE];
    uuid_format(&row->id, id);
    facts_text(&facts, "channel", id);
    facts_text(&facts, "type", row->type);
    facts_text(&facts, "name", row->name);
    json_put_bool(&facts, "active", row->active);
    facts_text(&facts, "readers", ROLE_NAMES[row->readers]);
    add_setting_names(&facts, settings);
    return facts_end(call->arena, &facts);
}

/* What is new, or has changed, is looked at with the settings that it has now. */
static void look_anew(struct db *db, const struct call *call, const struct channel_row *row)
{
    struct json_object *settings = json_parse(row->settings, strlen(row->settings), NULL);
    bool senders = !text_is_blank(json_text(call->arena, settings, "senders"));
    json_object_put(settings);
    if (channel_type_find(row->type)->collects)
        mailbox_touch(db, &row->id, call->now);
    if (senders || channel_type_find(row->type)->ask_setup || channel_trial_failed(row->problem))
        channel_try(db, &row->id, call->now);
}

static bool write_channel(struct db *db, struct audited *s)
{
    const struct channel_create *p = s->params;
    const struct channel_row *row = s->own;
    channel_insert(db, row, s->call->now);
    look_anew(db, s->call, row);
    audited_note(s, AUDIT_CHANNEL_CREATE, row->name)->after = channel_facts(s->call, row, p->settings);
    return true;
}

static bool create_channel(struct call *call)
{
    const struct channel_create *p = call->params;
    const struct channel_type *type = channel_type_find(p->type);
    const char *generated;
    if (!type)
        return call_refuse(call, "type", no_channel_type);
    struct channel_row row = {.id = uuid_v7(call->now),
                              .type = type->name,
                              .name = p->name,
                              .active = true,
                              .readers = p->readers >= 0 ? p->readers : ROLE_AGENT};
    if (!account_configure(call->desk, call->arena, type, &row, p->settings, &generated, &call->err))
        return false;
    struct audited s = {.call = call, .params = p, .change = write_channel, .own = &row};
    return call_audited(&s) && saved(call, &row.id, generated);
}

struct channel_changing {
    const char *generated;
    int64_t key;
    bool readers; /* others may read it now than before */
};

static bool write_channel_update(struct db *db, struct audited *s)
{
    const struct channel_update *p = s->params;
    struct call *call = s->call;
    struct channel_changing *changing = s->own;
    struct channel_row *row = channel_lock(db, call->arena, &p->id);
    const struct channel_type *type = row ? channel_type_find(row->type) : NULL;
    if (!type)
        return db_failure(db) == DB_FINE && call_refuse(call, "id", no_channel);
    if (!version_is(row->version, p->version, &call->err))
        return false;
    struct channel_row before = *row;
    row->name = p->name ? p->name : row->name;
    row->active = p->active >= 0 ? p->active : row->active;
    row->readers = p->readers >= 0 ? p->readers : row->readers;
    changing->key = row->key;
    changing->readers = row->readers != before.readers;
    if (p->settings &&
        !account_configure(call->desk, call->arena, type, row, p->settings, &changing->generated, &call->err))
        return false;
    channel_save(db, row, call->now);
    look_anew(db, call, row);
    struct audit *note = audited_note(s, AUDIT_CHANNEL_UPDATE, before.name);
    note->before = channel_facts(call, &before, NULL);
    note->after = channel_facts(call, row, p->settings);
    return true;
}

static bool update_channel(struct call *call)
{
    const struct channel_update *p = call->params;
    struct channel_changing changing = {.generated = "{}"};
    if (p->name && !p->name[0])
        return call_refuse(call, "name", missing, "name");
    struct audited s = {.call = call, .params = p, .change = write_channel_update, .own = &changing};
    if (!call_audited(&s))
        return false;
    outbox_hasten(call->db, call->arena, changing.key, call->now);
    struct cause cause = caller_cause(&call->caller);
    if (changing.readers) /* what stands on screens goes, or comes */
        refold_shown(call->db, call->arena, changing.key, &cause, &call->changes);
    return saved(call, &p->id, changing.generated);
}

static bool write_rotation(struct db *db, struct audited *s)
{
    const struct channel_rotate *p = s->params;
    struct call *call = s->call;
    const char **generated = s->own;
    struct channel_row *row = channel_lock(db, call->arena, &p->id);
    const struct channel_type *type = row ? channel_type_find(row->type) : NULL;
    if (!type)
        return db_failure(db) == DB_FINE && call_refuse(call, "id", no_channel);
    if (!version_is(row->version, p->version, &call->err) ||
        !account_rotate(call->desk, call->arena, type, row, p->setting, generated, &call->err))
        return false;
    channel_save(db, row, call->now);
    audited_note(s, AUDIT_CHANNEL_UPDATE, row->name)->after = channel_facts(call, row, *generated);
    return true;
}

static bool rotate_secret(struct call *call)
{
    const struct channel_rotate *p = call->params;
    const char *generated = "{}";
    struct audited s = {.call = call, .params = p, .change = write_rotation, .own = &generated};
    return call_audited(&s) && saved(call, &p->id, generated);
}

/* Raw inputs hold what people have said: who reads them is written down, within ten minutes in one row that counts. */
static void note_journal_read(struct call *call, const struct journal_list_params *p)
{
    char channel[UUID_TEXT_SIZE] = "", reader[UUID_TEXT_SIZE];
    bool of_one = !uuid_is_none(&p->channel_id);
    if (of_one)
        uuid_format(&p->channel_id, channel);
    uuid_format(uuid_is_none(&call->caller.agent_id) ? &call->caller.token_id : &call->caller.agent_id, reader);
    struct buf facts = {0};
    facts_text(&facts, "channel", of_one ? channel : NULL);
    struct audit audit = audit_of(call, AUDIT_JOURNAL_READ, NULL);
    audit.after = facts_end(call->arena, &facts);
    const char *key = arena_printf(call->arena, "%s:%s:%s", reader, channel, call->caller.address);
    if (audit_count(call->db, call->arena, &audit, key) == 1)
        security_event(call->arena, &audit);
}

static bool list_journal(struct call *call)
{
    const struct journal_list_params *p = call->params;
    struct journal_list *result = call->result;
    note_journal_read(call, p);
    result->rows = journal_list(call->db, call->arena, &p->channel_id, p->status, &p->before, page_limit(p->limit, 50));
    return call_db_fine(call);
}

static bool retry_journal(struct call *call)
{
    const struct by_id *p = call->params;
    struct journal_retried *result = call->result;
    struct act act = act_of(call);
    struct audit audit = audit_of(call, AUDIT_JOURNAL_RETRY, NULL);
    struct buf facts = {0};
    char id[UUID_TEXT_SIZE];
    uuid_format(&p->id, id);
    facts_text(&facts, "journal", id);
    audit.after = facts_end(call->arena, &facts);
    audit_add(call->db, call->arena, &audit); /* before: also a try that fails is one */
    if (!call_db_fine(call) || !replay(&act, &p->id, &result->entries))
        return false;
    security_event(call->arena, &audit);
    struct journal_full *full = journal_get(call->db, call->arena, &p->id);
    result->row = full ? &full->row : NULL;
    return call_db_fine(call);
}

METHODS(CHANNEL_METHODS,
    METHOD("channel.types", "What can be connected.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &TYPE_LIST, list_types),
    METHOD("channel.list", "All channels, with last event and failures.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &CHANNEL_LIST, list_channels),
    METHOD("channel.create", "Connects an account.", ROLE_ADMIN, METHOD_ONCE, EFFECT_NONE, &CHANNEL_CREATE, &CHANNEL_SAVED, create_channel, .audits = AUDITS(CHANNEL_CREATE)),
    METHOD("channel.update", "Changes a channel.", ROLE_ADMIN, 0, EFFECT_NONE, &CHANNEL_UPDATE, &CHANNEL_SAVED, update_channel, .audits = AUDITS(CHANNEL_UPDATE)),
    METHOD("channel.rotate_secret", "Makes a secret anew; the one before counts beside it until it is removed.", ROLE_ADMIN, METHOD_ONCE, EFFECT_NONE, &CHANNEL_ROTATE, &CHANNEL_SAVED, rotate_secret, .audits = AUDITS(CHANNEL_UPDATE)),
    METHOD("journal.list", "Raw inputs.", ROLE_ADMIN, 0, EFFECT_NONE, &JOURNAL_LIST_PARAMS, &JOURNAL_LIST, list_journal, .audits = AUDITS(JOURNAL_READ)),
    METHOD("journal.retry", "Tries a kept input again.", ROLE_ADMIN, METHOD_ONCE, EFFECT_NONE, &ID_SHAPE, &JOURNAL_RETRIED, retry_journal, .audits = AUDITS(JOURNAL_RETRY)));
