/* message.*: answers; note.*: what stays among us; entries.put: history and events from integrators. */
#include "desk/act/message.h"
#include "api/file.h"
#include "api/method.h"
#include "api/payload.h"
#include "api/put.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "base/text.h"
#include "desk/act/delivery.h"
#include "desk/act/planned.h"
#include "desk/conversation/rules.h"
#include "store/agent.h"
#include "store/entry.h"

#include <strings.h>

#define COPIES_MAX 100 /* in one list; what a channel takes is less */

struct attachment_ref {
    const char *upload;
    const char *name;
    const char *type;
    const char *cid; /* of MESSAGE_FILE alone */
};

struct send_params {
    struct uuid customer_id;
    struct uuid identity_id;
    struct uuid channel_id;
    struct uuid client_id;
    const char *subject;
    const char *text;
    int format;
    struct list attachments;
    bool new_conversation;
    struct uuid answers;
    int64_t send_at;
    const char *from;
    struct list to, cc, bcc;
};

struct plan_params {
    struct uuid id;
    int64_t send_at;
};

struct log_params {
    struct uuid customer_id, client_id, identity_id;
    int medium, direction, outcome;
    int64_t occurred_at, duration_s;
    const char *text;
    struct list attachments;
};

struct note_params {
    struct uuid customer_id;
    struct uuid client_id;
    const char *text;
    struct list attachments;
};

struct put_entry {
    struct put_identity *identity;
    struct list also;
    int kind;
    int direction;
    int64_t occurred_at, updated_at;
    const char *external_id;
    const char *author_name;
    const char *author_email;
    const char *subject;
    const char *text;
    const char *html;
    const char *payload;
    struct list attachments;
    int delivery;
};

struct put_params {
    struct uuid channel_id;
    struct list entries;
    int history;
};

static SHAPE(ATTACHMENT_REF, attachment_ref, "AttachmentRef", "A file uploaded by POST /api/v1/attachments.",
    TEXT_REQ(attachment_ref, upload, "upload", UPLOAD_HANDLE_MAX, "The handle that the upload answered to this caller."),
    TEXT_REQ(attachment_ref, name, "name", 255, "File name."),
    TEXT(attachment_ref, type, "type", 127, "MIME type; default application/octet-stream."));
static SHAPE(MESSAGE_FILE, attachment_ref, "MessageFile", "A file of an answer, uploaded by POST /api/v1/attachments.",
    TEXT_REQ(attachment_ref, upload, "upload", UPLOAD_HANDLE_MAX, "The handle that the upload answered to this caller."),
    TEXT_REQ(attachment_ref, name, "name", 255, "File name."),
    TEXT(attachment_ref, type, "type", 127, "MIME type; default application/octet-stream."),
    TEXT(attachment_ref, cid, "cid", 255, "By which the Markdown shows this picture in its place: `![name](cid:…)`. Letters, digits and dots, at most 64, another for each file. Where the way is not `pictures` it goes as a file, and the text names it."));
static const char *const FORMAT_NAMES[] = {"plain", "markdown", NULL};
static SHAPE(SEND, send_params, "SendParams", "An answer to a person.",
    UUID_REQ(send_params, customer_id, "customer_id", "The person."),
    UUID_REQ(send_params, identity_id, "identity_id", "To which of the person's identities; see customer.reach."),
    UUID_REQ(send_params, channel_id, "channel_id", "By which channel; see customer.reach."),
    UUID_REQ(send_params, client_id, "client_id", "Made by the client: a repeat sends nothing twice; another text under the same id is refused."),
    TEXT(send_params, subject, "subject", 250, "Email: default is the conversation's."),
    BOOL(send_params, new_conversation, "new_conversation", "It begins a conversation, whatever there is with this person, and answers nothing."),
    ROW(send_params, text, const char *, "text", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .max = ANSWER_TEXT_MAX, .help = "The answer; may be empty when there are attachments."),
    ENUM(send_params, format, "format", FORMAT_NAMES, "What the text is. markdown: CommonMark without raw HTML, headings and tables; each channel gets what it can show, see `rich` of customer.reach. Default plain."),
    LIST(send_params, attachments, "attachments", &MESSAGE_FILE, MESSAGE_FILES_MAX, "Files."),
    UUID(send_params, answers, "answers", "Email: which mail of this person it answers; default the newest one that came from the address. Not with new_conversation."),
    TEXT(send_params, from, "from", 254, "Email: from which of `senders` of customer.reach; default the one to whom the mail was written that it answers, or else the first."),
    TEXTS(send_params, to, "to", COPIES_MAX, "Email: to whom it goes besides, openly, each as `Name <address>` or the address alone; see `copies_max` of customer.reach."),
    TEXTS(send_params, cc, "cc", COPIES_MAX, "Email: who has a copy, the same way."),
    TEXTS(send_params, bcc, "bcc", COPIES_MAX, "Email: who has a copy that nobody sees, the same way."),
    TIME(send_params, send_at, "send_at", "It is planned, and goes then: a minute to a year from now, and not on a channel that shows it at once. Default: now.", .example = ""));
static SHAPE(PLAN, plan_params, "MessagePlanParams", "For when.",
    UUID_REQ(plan_params, id, "id", "An answer that is planned."),
    TIME(plan_params, send_at, "send_at", "When it goes, as of message.send; without it: now."));
static const char *const CONTACT_MEDIA[] = {"phone", "in_person", "letter", NULL};
static const int CONTACT_MEDIUM_OF[] = {MEDIUM_PHONE, MEDIUM_IN_PERSON, MEDIUM_LETTER};
NAMES_COUNTED(CONTACT_MEDIA, (int)COUNT_OF(CONTACT_MEDIUM_OF));
static const char *const CONTACT_DIRECTIONS[] = {"in", "out", NULL};
static const char *const CONTACT_OUTCOMES[] = {"completed", "missed", "busy", NULL};
static SHAPE(CONTACT_LOG, log_params, "ContactLogParams", "A call, a visit or a letter that came by no channel.",
    UUID_REQ(log_params, customer_id, "customer_id", "The person."),
    UUID_REQ(log_params, client_id, "client_id", "Made by the client: a repeat adds nothing; another text under the same id is refused."),
    UUID(log_params, identity_id, "identity_id", "Which of the person's numbers; default: of a call the first, or else where they were last heard of."),
    ENUM(log_params, medium, "medium", CONTACT_MEDIA, "phone: a call; in_person: a visit; letter. The first two are entries of the kind call, the last is a message. Default phone."),
    ENUM_REQ(log_params, direction, "direction", CONTACT_DIRECTIONS, "Who called, came or wrote: in, the person; out, we."),
    ENUM(log_params, outcome, "outcome", CONTACT_OUTCOMES, "Of a call or visit, default completed; missed: nobody took it, or was there, whoever came. Who was missed waits, and who was spoken to does not any more, unless a bot has written it down. Who has written a letter waits, and who was written to does not."),
    TIME(log_params, occurred_at, "occurred_at", "When it began; default now."),
    INT(log_params, duration_s, "duration_s", 0, 86400, "How long was spoken, in seconds; of a call or visit."),
    LINES(log_params, text, "text", 100000, "What was said."),
    LIST(log_params, attachments, "attachments", &ATTACHMENT_REF, MESSAGE_FILES_MAX, "Files: the letter as it was scanned."));
static SHAPE(NOTE, note_params, "NoteParams", "A note that only colleagues see.",
    UUID_REQ(note_params, customer_id, "customer_id", "The person."),
    UUID_REQ(note_params, client_id, "client_id", "Made by the client: a repeat adds nothing; another text under the same id is refused."),
    ROW(note_params, text, const char *, "text", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .min = 1, .max = 100000, .help = "The note."),
    LIST(note_params, attachments, "attachments", &ATTACHMENT_REF, MESSAGE_FILES_MAX, "Files."));
static SHAPE(PUT_ENTRY, put_entry, "PutEntry", "An entry from outside.",
    OBJECT(put_entry, identity, "identity", &PUT_IDENTITY_SHAPE, "Whose timeline.", REQUIRED),
    LIST(put_entry, also, "also", &PUT_IDENTITY_SHAPE, 4, "Other names of the same person that the source vouches for."),
    ENUM_REQ(put_entry, kind, "kind", ENTRY_KIND_NAMES, "What it is; orders go by orders.put."),
    ENUM(put_entry, direction, "direction", DIRECTION_NAMES, "Default in."),
    TIME(put_entry, occurred_at, "occurred_at", "When it happened; default now.", .example = ""),
    TEXT_REQ(put_entry, external_id, "external_id", 200, "The source's id. A repeat makes nothing new; other content under the same id is refused, but is a newer state of a call, points or a visit.", .example = "ticket-4711-2"),
    TIME(put_entry, updated_at, "updated_at", "Of a call, points or a visit: since when it is so. What is older than what is known changes nothing; without it what comes last counts."),
    TEXT(put_entry, author_name, "author_name", 200, "Who wrote it, when not the person."),
    TEXT(put_entry, author_email, "author_email", 254, "Log-in name of the agent who wrote it, if there is such an account."),
    TEXT(put_entry, subject, "subject", 1000, "Subject."),
    LINES(put_entry, text, "text", 100000, "Plain text.", .example = "Is the blue one back soon?"),
    LINES(put_entry, html, "html", 500000, "HTML."),
    JSON(put_entry, payload, "payload", 20000, "Object: what belongs to this kind; see docs/API.md."),
    LIST(put_entry, attachments, "attachments", &ATTACHMENT_REF, 10, "Files."),
    ENUM(put_entry, delivery, "delivery", DELIVERY_NAMES, "Of an outgoing one; default sent."));
static SHAPE(PUT, put_params, "EntriesPutParams", "Entries from a shop, till, app or another system.",
    UUID_REQ(put_params, channel_id, "channel_id", "The channel they belong to."),
    LIST(put_params, entries, "entries", &PUT_ENTRY, 200, "In any order.", .example = ""),
    ENUM(put_params, history, "history", YES_NO, "yes: an import; conversations older than a week are resolved at once and nobody waits. Default no."));

/* The entry that they are for, as its sender names it: by its id, or by the channel's own. */
struct files_for {
    struct uuid entry;
    int64_t channel;
    const char *external_id;
};

static const struct entry *find_known(struct call *call, const struct files_for *to)
{
    struct list known = {0};
    if (db_failure(call->db) == DB_FINE && to->channel)
        entry_find_external(call->db, call->arena, to->channel, &to->external_id, 1, &known);
    else if (db_failure(call->db) == DB_FINE)
        entry_find_ids(call->db, call->arena, &to->entry, 1, &known);
    return known.items;
}

/* A repeat is answered though its files' handles have lapsed meanwhile: the entry is there, with what it holds. */
static bool files_of(struct call *call, const struct list *refs, const struct files_for *to, struct list *ret)
{
    const struct attachment_ref *items = refs->items;
    for (size_t i = 0; i < refs->n; i++) {
        struct attachment *file = list_grow(call->arena, ret, sizeof(*file));
        *file = (struct attachment){.name = items[i].name,
                                    .cid = items[i].cid,
                                    .type = items[i].type ? items[i].type : "application/octet-stream"};
        if (file_named(call, items[i].upload, "attachments", file))
            continue;
        const struct entry *known = find_known(call, to);
        if (!known)
            return false;
        call->err = (struct error){0};
        *ret = entry_files(call->arena, known);
        return true;
    }
    return true;
}

/* Who writes has a name: an agent's, or that of a token that sends. */
static bool writer_only(struct call *call)
{
    return call->caller.agent_name || call_refuse(call, NULL, token_send);
}

/* A bot whose token names channels sends by these alone. */
static bool may_send_there(struct call *call, const struct uuid *channel)
{
    const struct caller *c = &call->caller;
    bool may = c->n_token_channels == 0;
    for (size_t i = 0; !may && i < c->n_token_channels; i++)
        may = uuid_equal(&c->token_channels[i], channel);
    return may || call_refuse(call, "channel_id", token_sends_elsewhere);
}

static bool give_message(struct call *call, const struct entry *e)
{
    if (e) {
        *(struct entry *)call->result = *e;
        call_close_entries(call, call->result, 1); /* also one's own: it takes its subject over from what was written */
    }
    return e != NULL;
}

static bool send_answer(struct call *call)
{
    const struct send_params *p = call->params;
    struct act act = act_of(call);
    struct answer answer = {.customer = p->customer_id,
                            .identity = p->identity_id,
                            .channel = p->channel_id,
                            .entry_id = p->client_id,
                            .subject = p->subject,
                            .text = p->text,
                            .is_markdown = p->format > 0,
                            .send_at = p->send_at,
                            .begins = p->new_conversation,
                            .answers = p->answers,
                            .from = p->from,
                            .copies = {p->to, p->cc, p->bcc}};
    return writer_only(call) && may_send_there(call, &p->channel_id) &&
           files_of(call, &p->attachments, &(struct files_for){.entry = p->client_id}, &answer.attachments) &&
           give_message(call, act_send(&act, &answer));
}

/* A minute: clocks are not set alike. */
#define AHEAD_MAX_MS MINUTE_MS

/* A letter is neither taken nor long, and says something. */
static bool fits_medium(struct call *call, const struct log_params *p, int medium)
{
    if (medium != MEDIUM_LETTER)
        return true;
    const char *field = p->outcome >= 0 ? "outcome" : p->duration_s > 0 ? "duration_s" : NULL;
    if (field)
        return call_refuse(call, field, one_of, "medium", "phone, in_person");
    return !text_is_blank(p->text) || p->attachments.n || call_refuse(call, "text", missing, "text");
}

static bool log_contact(struct call *call)
{
    const struct log_params *p = call->params;
    struct act act = act_of(call);
    struct logged_contact l = {.customer = p->customer_id,
                               .entry_id = p->client_id,
                               .identity = p->identity_id,
                               .medium = CONTACT_MEDIUM_OF[p->medium > 0 ? p->medium : 0],
                               .direction = p->direction,
                               .state = CONTACT_OUTCOMES[p->outcome > 0 ? p->outcome : 0],
                               .at = p->occurred_at ? p->occurred_at : call->now,
                               .duration_s = p->duration_s > 0 ? p->duration_s : 0,
                               .text = p->text};
    if (l.at > call->now + AHEAD_MAX_MS)
        return call_refuse(call, "occurred_at", in_future, "occurred_at");
    if (time_believable(l.at, call->now) != l.at)
        return call_refuse(call, "occurred_at", too_long_ago, "occurred_at");
    return writer_only(call) && fits_medium(call, p, l.medium) &&
           files_of(call, &p->attachments, &(struct files_for){.entry = p->client_id}, &l.attachments) &&
           give_message(call, act_log_contact(&act, &l));
}

static bool add_note(struct call *call)
{
    const struct note_params *p = call->params;
    struct act act = act_of(call);
    struct answer note = {.customer = p->customer_id, .entry_id = p->client_id, .text = p->text};
    return writer_only(call) &&
           files_of(call, &p->attachments, &(struct files_for){.entry = p->client_id}, &note.attachments) &&
           give_message(call, act_note(&act, &note));
}

static bool cancel_message(struct call *call)
{
    const struct by_id *p = call->params;
    struct act act = act_of(call);
    return give_message(call, act_cancel(&act, &p->id));
}

static bool plan_message(struct call *call)
{
    const struct plan_params *p = call->params;
    struct act act = act_of(call);
    return give_message(call, act_plan(&act, &p->id, p->send_at));
}

static bool retry(struct call *call)
{
    const struct by_id *p = call->params;
    struct act act = act_of(call);
    return give_message(call, act_retry(&act, &p->id));
}

/* ---- from outside ---- */

/* The agents by log-in name, once a call. */
static const struct agent *agent_named(const struct list *agents, const char *email)
{
    const struct agent *items = agents->items;
    for (size_t i = 0; email && i < agents->n; i++)
        if (strcasecmp(items[i].email, email) == 0)
            return &items[i];
    return NULL;
}

static bool object_is_sound(struct json_object *object);

static bool member_is_sound(const char *name, struct json_object *value)
{
    if (json_object_is_type(value, json_type_object))
        return object_is_sound(value);
    for (size_t i = 0; json_object_is_type(value, json_type_array) && i < json_object_array_length(value); i++)
        if (!member_is_sound(name, json_object_array_get_idx(value, i)))
            return false;
    const char *text = json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
    return !text || !text[0] || !text_names_url(name) || text_is_web_url(text);
}

/* As deep as the parser takes it: JSON_DEPTH_MAX. */
static bool object_is_sound(struct json_object *object)
{
    json_object_object_foreach(object, name, value) {
        if (!member_is_sound(name, value))
            return false;
    }
    return true;
}

/* What the console makes a link of has such a name. */
static bool links_are_sound(const char *payload)
{
    struct json_object *object = json_parse(payload, strlen(payload), NULL);
    bool sound = !object || object_is_sound(object);
    json_object_put(object);
    return sound;
}

static bool put_is_sound(struct call *call, const struct put_entry *from, size_t i)
{
    struct error err = {0};
    if (from->kind == ENTRY_ORDER || from->kind == ENTRY_ACTIVITY)
        return error_set(&call->err, "kind", cannot_put_kind, i, ENTRY_KIND_NAMES[from->kind]);
    if (from->updated_at && !entry_has_course(from->kind))
        return error_set(&call->err, "updated_at", put_without_course, i, ENTRY_KIND_NAMES[from->kind]);
    if (from->payload && from->payload[0] != '{')
        return error_set(&call->err, "payload", wrong_type, "payload", "an object");
    if (from->payload && !links_are_sound(from->payload))
        return error_set(&call->err, "payload", payload_link, i);
    return !from->payload || payload_fits(call->arena, from->kind, from->payload, &err) ||
           error_set(&call->err, "payload", payload_wrong, i, err.text);
}

static bool entry_to_inbound(struct call *call, const struct channel_account *account, const struct put_entry *from,
                             size_t i, struct inbound *in)
{
    int direction = from->direction >= 0 ? from->direction : DIRECTION_IN;
    *in = (struct inbound){.type = INBOUND_ENTRY,
                           .external_id = from->external_id,
                           .occurred_at = time_believable(from->occurred_at ? from->occurred_at : call->now, call->now),
                           .kind = (enum entry_kind)from->kind,
                           .direction = from->kind == ENTRY_NOTE ? DIRECTION_INTERNAL : (enum direction)direction,
                           .author_name = from->author_name,
                           .subject = from->subject,
                           .text = from->text,
                           .html = from->html,
                           .payload = from->payload,
                           .rank = from->updated_at ? time_believable(from->updated_at, call->now) : 0,
                           .delivery = from->delivery > 0 ? (enum delivery)from->delivery : DELIVERY_NONE};
    struct files_for to = {.channel = account->id, .external_id = from->external_id};
    return put_is_sound(call, from, i) &&
           put_identities(call, account, from->identity, &from->also, "entries", i, in) &&
           files_of(call, &from->attachments, &to, &in->attachments);
}

static void set_author(struct intake *t, const struct agent *author)
{
    if (!author)
        return;
    t->agent = author->key;
    t->agent_id = author->id;
    t->agent_name = author->name;
}

static bool put_from_outside(struct call *call)
{
    const struct put_params *p = call->params;
    const struct put_entry *from = p->entries.items;
    const struct channel_account *account = put_channel(call, &p->channel_id);
    struct list agents = account ? agent_list(call->db, call->arena) : (struct list){0};
    struct intake *intakes = arena_alloc(call->arena, (p->entries.n + 1) * sizeof(*intakes));
    struct inbound *items = arena_alloc(call->arena, (p->entries.n + 1) * sizeof(*items));
    for (size_t i = 0; account && i < p->entries.n; i++) {
        intakes[i] = put_intake(call, account, &items[i]);
        intakes[i].history = p->history > 0;
        set_author(&intakes[i], agent_named(&agents, from[i].author_email));
        if (!entry_to_inbound(call, account, &from[i], i, &items[i]) && !put_refuse(call, &intakes[i]))
            return false;
    }
    return account && put_run(call, intakes, p->entries.n, call->result);
}

METHODS(MESSAGE_METHODS,
    METHOD("message.send", "Answers a person. It is committed before the call returns; see the entry's delivery for what becomes of it.", ROLE_AGENT, METHOD_SENDS, EFFECT_NONE, &SEND, &ENTRY_SHAPE, send_answer),
    METHOD("message.cancel", "Takes an answer back that has not left yet: one that is planned, or still held back.", ROLE_AGENT, METHOD_ONCE, EFFECT_NONE, &ID_SHAPE, &ENTRY_SHAPE, cancel_message),
    METHOD("message.plan", "Plans an answer for another time that is planned already, or sends it now.", ROLE_AGENT, METHOD_ONCE, EFFECT_NONE, &PLAN, &ENTRY_SHAPE, plan_message),
    METHOD("message.retry", "Sends an answer again that has failed.", ROLE_AGENT, METHOD_ONCE, EFFECT_NONE, &ID_SHAPE, &ENTRY_SHAPE, retry),
    METHOD("contact.log", "Writes down a call, a visit or a letter that did not come by a channel.", ROLE_AGENT, METHOD_SENDS, EFFECT_NONE, &CONTACT_LOG, &ENTRY_SHAPE, log_contact),
    METHOD("note.add", "Adds a note.", ROLE_AGENT, METHOD_SENDS, EFFECT_NONE, &NOTE, &ENTRY_SHAPE, add_note),
    METHOD("entries.put", "Adds entries from outside.", ROLE_ADMIN, METHOD_PUTS, EFFECT_NONE, &PUT, &PUT_RESULT_SHAPE, put_from_outside));
