/* draft.*: what an agent has begun to write, in whichever browser, and has not sent. */
#include "store/draft.h"
#include "api/file.h"
#include "api/method.h"
#include "api/shapes.h"
#include "base/text.h"
#include "channel/channel.h"
#include "desk/act/message.h"
#include "store/upload.h"

#define DRAFT_PEOPLE_MAX 100 /* in one list, as of message.send */

struct draft_way {
    struct uuid identity_id, channel_id;
};

struct draft {
    int mode;
    const char *text, *plain, *note, *subject, *from;
    bool rich, cc_chosen, fresh;
    struct uuid answers;
    struct list cc, bcc; /* const char * */
    struct draft_way *way;
    struct list files; /* struct uploaded */
};

struct draft_save_params {
    struct uuid customer_id;
    int64_t version;
    struct draft *draft;
};

struct draft_of_params {
    struct uuid customer_id;
};

struct draft_kept {
    struct uuid customer_id;
    bool saved;
    int64_t version, saved_at;
    const char *beginning;
    struct draft *draft;
};

struct draft_listing {
    struct list drafts;
};

static const char *const MODE_NAMES[] = {"reply", "note", NULL};
static SHAPE(WAY, draft_way, "DraftWay", "By what it shall go.",
    UUID_REQ(draft_way, identity_id, "identity_id", "To which identity."),
    UUID_REQ(draft_way, channel_id, "channel_id", "By which channel."));
static SHAPE(DRAFT, draft, "Draft", "What was begun, as message.send and note.add take it later.",
    ENUM_REQ(draft, mode, "mode", MODE_NAMES, "Which of both is shown."),
    LINES(draft, text, "text", ANSWER_TEXT_MAX, "The answer."),
    BOOL(draft, rich, "rich", "The answer is Markdown …"),
    LINES(draft, plain, "plain", ANSWER_TEXT_MAX, "… and this is the same to be read."),
    LINES(draft, note, "note", ANSWER_TEXT_MAX, "The note."),
    TEXT(draft, subject, "subject", 250, "Email: the subject."),
    TEXT(draft, from, "from", 254, "Email: from which address; null: the one that goes by itself."),
    UUID(draft, answers, "answers", "Email: which mail it answers; null: the newest."),
    BOOL(draft, cc_chosen, "cc_chosen", "Email: `cc` is what the agent has chosen; else all who had the mail."),
    TEXTS(draft, cc, "cc", DRAFT_PEOPLE_MAX, "Email: who has a copy."),
    TEXTS(draft, bcc, "bcc", DRAFT_PEOPLE_MAX, "Email: who has a blind copy."),
    OBJECT(draft, way, "way", &WAY, "The way that was chosen; null: the best."),
    LIST(draft, files, "files", &UPLOAD_SHAPE, MESSAGE_FILES_MAX, "Files of the caller's. They are kept as long as the draft."),
    BOOL(draft, fresh, "fresh", "It begins a conversation."));
static SHAPE(SAVE, draft_save_params, "DraftSaveParams", "What there is now.",
    UUID_REQ(draft_save_params, customer_id, "customer_id", "To whom it goes, or whom it is about."),
    INT(draft_save_params, version, "version", 0, INT64_MAX, "The one that the caller has seen; 0 or null: none."),
    OBJECT(draft_save_params, draft, "draft", &DRAFT, "What was written; null: it was sent, or emptied."));
static SHAPE(OF, draft_of_params, "DraftOfParams", "Whose.",
    UUID_REQ(draft_of_params, customer_id, "customer_id", "The person."));
static SHAPE(KEPT, draft_kept, "DraftKept", "What is kept.",
    UUID_REQ(draft_kept, customer_id, "customer_id", "The person."),
    BOOL(draft_kept, saved, "saved", "Of draft.save: false when another version was there, which this is; nothing was changed."),
    INT_REQ(draft_kept, version, "version", 0, 0, "Its version; 0: there is none."),
    TIME(draft_kept, saved_at, "saved_at", "When it was saved."),
    TEXT(draft_kept, beginning, "beginning", 400, "How it begins."),
    OBJECT(draft_kept, draft, "draft", &DRAFT, "All of it; null in a listing, and where there is none."));
static SHAPE(LISTING, draft_listing, "DraftList", "The caller's drafts.",
    LIST(draft_listing, drafts, "drafts", &KEPT, 0, "The last ones first."));

/* A token has nothing of its own. */
static bool has_drafts(struct call *call)
{
    return call->caller.agent_key || call_refuse(call, NULL, agents_only);
}

static const char *beginning_of(struct arena *a, const struct draft *d)
{
    const struct uploaded *file = d->files.n ? d->files.items : NULL;
    const char *answer = d->rich ? d->plain : d->text;
    const char *words = !text_is_blank(answer) ? answer : !text_is_blank(d->note) ? d->note : file ? file->name : NULL;
    return words ? text_preview(a, words, DRAFT_BEGINNING_MAX) : "";
}

static struct draft *draft_read(struct call *call, const char *content)
{
    struct draft *d = arena_alloc(call->arena, sizeof(*d));
    struct error err;
    struct json_object *object = content ? json_parse(content, strlen(content), NULL) : NULL;
    bool read = object && field_decode(&DRAFT, object, call->arena, d, &err);
    json_object_put(object);
    return read ? d : NULL;
}

/* With the files that are still here. */
static struct draft_kept kept_of(struct call *call, const struct draft_row *row)
{
    struct draft_kept ret = {.customer_id = row->customer,
                             .version = row->version,
                             .saved_at = row->saved_at,
                             .beginning = row->beginning,
                             .draft = draft_read(call, row->content)};
    if (ret.draft)
        file_still_there(call, &ret.draft->files);
    return ret;
}

struct saving {
    struct call *call;
    const struct draft_save_params *params;
    bool known; /* the person */
    struct draft_row now;
    bool saved;
};

static bool save(struct db *db, void *arg)
{
    struct saving *s = arg;
    struct call *call = s->call;
    const struct draft_save_params *p = s->params;
    int64_t seen = p->version > 0 ? p->version : 0, agent = call->caller.agent_key;
    s->now = draft_lock(db, call->arena, agent, &p->customer_id);
    s->saved = s->now.version == seen;
    struct draft *before = s->saved ? draft_read(call, s->now.content) : NULL;
    if (!s->saved)
        return true;
    if (before)
        file_keep(call, &before->files, call->now + UPLOAD_KEEP_MS);
    if (!p->draft) {
        draft_remove(db, agent, &p->customer_id);
        s->now = (struct draft_row){.customer = p->customer_id};
        return true;
    }
    AUTO_BUF struct buf content = {0};
    field_encode(&DRAFT, p->draft, &content);
    s->now = (struct draft_row){.customer = p->customer_id,
                                .version = call->now > seen ? call->now : seen + 1,
                                .saved_at = call->now,
                                .beginning = beginning_of(call->arena, p->draft),
                                .content = arena_strndup(call->arena, content.data, content.len)};
    draft_put(db, agent, &s->now);
    s->known = db_affected(db) > 0;
    file_keep(call, &p->draft->files, call->now + DRAFT_KEEP_MS);
    return s->known || db_failure(db) != DB_FINE || call_refuse(call, "customer_id", no_person);
}

static bool save_draft(struct call *call)
{
    struct saving s = {.call = call, .params = call->params};
    if (!has_drafts(call) || !db_transact(call->db, save, &s, &call->err))
        return false;
    struct draft_kept *ret = call->result;
    *ret = kept_of(call, &s.now);
    ret->saved = s.saved;
    if (s.saved)
        changes_add(&call->changes, (struct change){.kind = CHANGE_DRAFT,
                                                    .customer = s.params->customer_id,
                                                    .identity = call->caller.agent_id,
                                                    .version = s.now.version});
    return call_db_fine(call);
}

struct following {
    struct call *call;
    const struct draft_lead *lead;
    bool followed;
};

static bool follow_lead(struct db *db, void *arg)
{
    struct following *f = arg;
    f->followed = draft_follow(db, f->call->arena, f->call->caller.agent_key, f->lead);
    return true;
}

/* What was begun to somebody who was merged into another is to that other. False: the database is away. */
static bool follow_merged(struct call *call)
{
    struct list leads = draft_leads(call->db, call->arena, call->caller.agent_key);
    const struct draft_lead *items = leads.items;
    for (size_t i = 0; i < leads.n; i++) {
        struct following f = {.call = call, .lead = &items[i]};
        if (!db_transact(call->db, follow_lead, &f, &call->err))
            return false;
        if (!f.followed)
            continue;
        changes_add(
            &call->changes,
            (struct change){.kind = CHANGE_DRAFT, .customer = items[i].from, .identity = call->caller.agent_id});
        changes_add(&call->changes, (struct change){.kind = CHANGE_DRAFT,
                                                    .customer = items[i].to,
                                                    .identity = call->caller.agent_id,
                                                    .version = items[i].version});
    }
    return call_db_fine(call);
}

static bool get_draft(struct call *call)
{
    const struct draft_of_params *p = call->params;
    if (!has_drafts(call))
        return false;
    int64_t agent = call->caller.agent_key;
    struct draft_row row = draft_get(call->db, call->arena, agent, &p->customer_id);
    if (row.version == 0 && follow_merged(call))
        row = draft_get(call->db, call->arena, agent, &p->customer_id);
    *(struct draft_kept *)call->result = kept_of(call, &row);
    return call_db_fine(call);
}

static bool list_drafts(struct call *call)
{
    if (!has_drafts(call) || !follow_merged(call))
        return false;
    struct draft_listing *ret = call->result;
    struct list rows = draft_list(call->db, call->arena, call->caller.agent_key);
    const struct draft_row *items = rows.items;
    for (size_t i = 0; i < rows.n; i++)
        *(struct draft_kept *)list_grow(call->arena, &ret->drafts, sizeof(struct draft_kept)) =
            (struct draft_kept){.customer_id = items[i].customer,
                                .version = items[i].version,
                                .saved_at = items[i].saved_at,
                                .beginning = items[i].beginning};
    return call_db_fine(call);
}

METHODS(DRAFT_METHODS,
    METHOD("draft.list", "What the caller has begun to write and has not sent.", ROLE_AGENT, 0, EFFECT_NONE, &EMPTY_SHAPE, &LISTING, list_drafts),
    METHOD("draft.get", "The caller's draft to a person. One to somebody who was merged into them is to them now, when there is no other.", ROLE_AGENT, 0, EFFECT_NONE, &OF, &KEPT, get_draft),
    METHOD("draft.save", "Keeps the caller's draft to a person, when nobody has saved another one since it was read.", ROLE_AGENT, 0, EFFECT_NONE, &SAVE, &KEPT, save_draft));
