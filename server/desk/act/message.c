#include "desk/act/message.h"

#include "base/markdown.h"
#include "base/text.h"
#include "desk/act/planned.h"
#include "desk/conversation/reach.h"
#include "desk/conversation/rules.h"
#include "desk/conversation/unseen.h"
#include "desk/ground/blob.h"
#include "desk/ground/scan.h"
#include "store/customer.h"
#include "store/entry.h"

#include <strings.h>

static struct customer *customer_or_fail(struct act *act, const struct uuid *id)
{
    struct customer *c = customer_get(act->db, act->a, id);
    if (!c && db_fine(act->db, act->err))
        error_set(act->err, "customer_id", no_person);
    return c;
}

static const struct way *find_way(struct act *act, const struct customer *c, const struct answer *answer)
{
    struct list ways = reach_now(act->db, act->a, act->accounts, c, act->role, act->now);
    const struct way *w = way_find(&ways, &answer->identity, &answer->channel);
    if (!w)
        error_set(act->err, "channel_id", no_way);
    else if (!w->usable)
        way_refuse(w, act->err);
    return w && w->usable && (!answer->send_at || may_plan(act, w, answer->send_at)) ? w : NULL;
}

static size_t length_in(enum text_unit unit, const char *text)
{
    return unit == UNIT_UTF16 ? utf8_utf16_units(text) : unit == UNIT_BYTES ? strlen(text) : utf8_count(text);
}

/* The files must be here; their size is what it is, not what the caller says. */
static bool files_here(struct act *act, const struct list *attachments)
{
    for (size_t i = 0; i < attachments->n; i++) {
        struct attachment *file = (struct attachment *)attachments->items + i;
        long long size;
        if (!blob_exists(act->desk->blob_dir, file->sha256, &size))
            return error_set(act->err, "attachments", file_gone);
        file->size = size;
        struct file_scan scan = scan_of_wanted(act->desk, act->db, act->a, file->sha256, act->now);
        if (scan.state == FILE_INFECTED) /* what only waits is waited for by its courier */
            return scan_lets_through(&scan, "attachments", act->err);
    }
    return true;
}

/* An answer as it is kept: the plain text, and where its channel shows more than that, what was written and its HTML. */
struct words {
    const char *text, *html, *markdown;
};

static struct words answer_words(struct act *act, const struct answer *answer, const struct channel_type *type)
{
    if (!answer->is_markdown)
        return (struct words){.text = answer->text};
    bool shown = type && type->rich != RICH_NONE && markdown_is_formatted(answer->text);
    enum markdown_form form = type && type->rich == RICH_PICTURES ? MARKDOWN_PICTURES : MARKDOWN_HTML;
    return (struct words){.text = markdown_as(act->a, answer->text, MARKDOWN_PLAIN),
                          .html = shown ? markdown_as(act->a, answer->text, form) : NULL,
                          .markdown = shown ? answer->text : NULL};
}

static struct attachment *find_cid(const struct list *attachments, const char *cid)
{
    struct attachment *files = attachments->items;
    for (size_t i = 0; i < attachments->n; i++)
        if (files[i].cid && strcmp(files[i].cid, cid) == 0)
            return &files[i];
    return NULL;
}

static bool cids_are_sound(struct act *act, const struct list *attachments)
{
    const struct attachment *files = attachments->items;
    for (size_t i = 0; i < attachments->n; i++)
        if (files[i].cid && (!markdown_is_cid(files[i].cid) || find_cid(attachments, files[i].cid) != &files[i]))
            return error_set(act->err, "attachments", wrong_cid, files[i].cid);
    return true;
}

/* Marks the files that the text shows in their place, where its channel does that; elsewhere they are files like others. */
static bool place_pictures(struct act *act, const struct answer *answer, const struct channel_type *type)
{
    struct list named = answer->is_markdown ? markdown_pictures(act->a, answer->text) : (struct list){0};
    if (!cids_are_sound(act, &answer->attachments))
        return false;
    for (size_t i = 0; i < named.n; i++) {
        const char *cid = ((const char **)named.items)[i];
        struct attachment *file = find_cid(&answer->attachments, cid);
        if (!file || strncmp(file->type, "image/", 6) != 0)
            return error_set(act->err, "text", no_picture, cid);
        file->is_inline = type->rich == RICH_PICTURES;
    }
    return true;
}

static bool files_fit(struct act *act, const struct list *attachments, const struct channel_type *type)
{
    const struct file_limits *limits = &type->files;
    const struct attachment *files = attachments->items;
    int64_t total = 0;
    if (attachments->n && limits->count == 0)
        return error_set(act->err, "attachments", takes_no_files, type->name);
    if (attachments->n > limits->count)
        return error_set(act->err, "attachments", too_many_files, type->name, limits->count, attachments->n);
    for (size_t i = 0; i < attachments->n; i++) {
        total += files[i].size;
        if (files[i].size > limits->each)
            return error_set(act->err, "attachments", file_too_large, files[i].name, type->name,
                             (long long)limits->each);
    }
    return total <= limits->total ||
           error_set(act->err, "attachments", files_too_large, type->name, (long long)limits->total);
}

static bool content_fits(struct act *act, const struct answer *answer, const struct words *words,
                         const struct channel_type *type)
{
    bool marks = words->markdown && type->rich == RICH_MARKS;
    const char *sent = marks ? markdown_as(act->a, words->markdown, MARKDOWN_MARKS) : words->text;
    size_t n = length_in(type->text_unit, sent);
    if (text_is_blank(words->text) && answer->attachments.n == 0)
        return error_set(act->err, "text", nothing_to_send);
    int64_t max = type->text_max ? type->text_max : ANSWER_TEXT_MAX;
    if (answer->attachments.n && type->files.words_max)
        max = type->files.words_max;
    if ((int64_t)n > max)
        return error_set(act->err, "text", text_too_long, type->name, (long long)max, n);
    return files_here(act, &answer->attachments) && files_fit(act, &answer->attachments, type) &&
           place_pictures(act, answer, type);
}

static const char *reply_subject(struct act *act, const struct answer *answer, const struct thread *thread)
{
    const char *subject = thread->subject;
    if (!text_is_blank(answer->subject))
        return answer->subject;
    return !subject || strncasecmp(subject, "re:", 3) == 0 ? subject : arena_printf(act->a, "Re: %s", subject);
}

/* An answer on the way to its intake. */
struct letter {
    struct words words;
    const struct way *way;
    struct thread thread;
    struct copies copies;
    const struct sender *sender; /* NULL: the standard one */
};

static void put_people(struct buf *out, const char *name, const char *first, const struct list *others)
{
    if (!first && !others->n)
        return;
    json_open(out, name, '[');
    if (first)
        json_put_text(out, NULL, first);
    for (size_t i = 0; i < others->n; i++)
        json_put_text(out, NULL, ((const char **)others->items)[i]);
    json_close(out, ']');
}

/* What others read of it again: message_markdown, unseen_address, message_mail. */
static const char *answer_payload(struct arena *a, const struct letter *l, bool begins)
{
    AUTO_BUF struct buf out = {0};
    const struct copies *copies = &l->copies;
    bool copied = copies->to.n || copies->cc.n || copies->bcc.n;
    json_open(&out, NULL, '{');
    if (l->words.markdown)
        json_put_text(&out, "markdown", l->words.markdown);
    if (l->way->unproven)
        json_put_text(&out, "address", l->way->address);
    if (begins)
        json_put_bool(&out, "begins", true);
    if (l->thread.in_reply_to)
        json_put_text(&out, "in_reply_to", l->thread.in_reply_to);
    if (l->thread.references)
        json_put_text(&out, "references", l->thread.references);
    if (l->sender)
        put_people(&out, "from", arena_printf(a, "%s <%s>", l->sender->name, l->sender->address), &(struct list){0});
    put_people(&out, "to", copied ? l->way->address : NULL, &copies->to);
    put_people(&out, "cc", NULL, &copies->cc);
    put_people(&out, "bcc", NULL, &copies->bcc);
    const char *payload = json_done(a, &out, '}');
    return strcmp(payload, "{}") == 0 ? NULL : payload;
}

static struct entry *own_entry(struct act *act, struct intake *t, const struct uuid *customer)
{
    if (!act_ingest(act, t))
        return NULL;
    struct uuid owner = t->created ? *customer : entry_customer(act->db, act->a, &t->entry_id);
    if (t->entry && t->entry->author_key == act->agent && uuid_equal(&owner, customer))
        return t->entry;
    error_set(act->err, "client_id", id_taken);
    return NULL;
}

/* What it takes of a mail that other channels do not have. */
static bool address_letter(struct act *act, const struct answer *answer, struct letter *l)
{
    const struct channel_type *type = l->way->account->type;
    if (!uuid_is_none(&answer->answers) && (!type->has_subject || answer->begins))
        return error_set(act->err, "answers", answers_no_mail);
    bool answers = type->has_subject && !answer->begins;
    return (!answers || mail_thread(act, &answer->customer, &answer->answers, l->way->identity, &l->thread)) &&
           mail_sender(act, l->way->account, answer->from, l->thread.mail, &l->sender) &&
           mail_copies(act, &answer->copies, l->way, &l->copies);
}

static void fill_letter(struct act *act, const struct answer *answer, const struct letter *l, struct intake *t,
                        struct inbound *in)
{
    const struct channel_account *account = l->way->account;
    const struct channel_type *type = account->type;
    if (type->has_subject) {
        in->subject = reply_subject(act, answer, &l->thread);
        in->external_id = mail_id_of(act->a, &answer->entry_id, channel_setting(account, "address"));
    }
    in->payload = answer_payload(act->a, l, answer->begins);
    t->identity = l->way->identity->key;
    t->channel = account->id;
    t->channel_id = account->uuid;
    t->readers = account->readers;
    t->medium = (int)channel_medium(account);
    t->planned = answer->send_at > 0;
    t->send_at = t->planned ? answer->send_at : type->build ? act->now + act->desk->undo_ms : 0;
    t->unseen_at = type->medium == MEDIUM_CHAT ? unseen_due(account, act->now) : 0;
    t->begins = answer->begins;
}

/* To whom, by which way and when: a repeat with another of these is something else. What follows from them (a subject, a thread) may have
 * changed meanwhile. */
static const char *asked_for(struct arena *a, const struct answer *answer)
{
    AUTO_BUF struct buf out = {0};
    const struct uuid *ids[] = {&answer->identity, &answer->channel, &answer->answers};
    json_open(&out, NULL, '{');
    json_open(&out, "ids", '[');
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        char id[UUID_TEXT_SIZE];
        uuid_format(ids[i], id);
        json_put_text(&out, NULL, id);
    }
    json_close(&out, ']');
    if (answer->subject)
        json_put_text(&out, "subject", answer->subject);
    if (answer->from)
        json_put_text(&out, "from", answer->from);
    json_put_int(&out, "send_at", answer->send_at);
    json_put_bool(&out, "begins", answer->begins);
    json_put_bool(&out, "markdown", answer->is_markdown);
    put_people(&out, "to", NULL, &answer->copies.to);
    put_people(&out, "cc", NULL, &answer->copies.cc);
    put_people(&out, "bcc", NULL, &answer->copies.bcc);
    return json_done(a, &out, '}');
}

struct entry *act_send(struct act *act, const struct answer *answer)
{
    struct customer *c = customer_or_fail(act, &answer->customer);
    struct list known = {0};
    entry_find_ids(act->db, act->a, &answer->entry_id, 1, &known); /* a repeat counts even when the window has closed */
    const struct channel_account *account = accounts_find(act->accounts, &answer->channel);
    struct letter l = {.words = answer_words(act, answer, account ? account->type : NULL)};
    if (c && !known.n)
        l.way = find_way(act, c, answer);
    if (!c || (!known.n && (!l.way || !content_fits(act, answer, &l.words, l.way->account->type) ||
                            !address_letter(act, answer, &l))))
        return NULL;
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = ENTRY_MESSAGE,
                         .direction = DIRECTION_OUT,
                         .occurred_at = act->now,
                         .text = l.words.text,
                         .html = l.words.html,
                         .attachments = answer->attachments};
    struct intake t = act_intake(act, &in);
    t.entry_id = answer->entry_id;
    t.asked = asked_for(act->a, answer);
    if (l.way)
        fill_letter(act, answer, &l, &t, &in);
    return own_entry(act, &t, &answer->customer);
}

static const struct identity *contacted(const struct customer *c, const struct logged_contact *l)
{
    const struct identity *all = c->identities.items, *best = NULL;
    for (size_t i = 0; i < c->identities.n; i++) {
        if (uuid_equal(&all[i].id, &l->identity))
            return &all[i];
        if (!best && l->medium == MEDIUM_PHONE && all[i].kind == IDENTITY_PHONE)
            best = &all[i];
    }
    if (!uuid_is_none(&l->identity))
        return NULL;
    return best || !c->identities.n ? best : all;
}

static const char *spoken_payload(struct arena *a, const struct logged_contact *l)
{
    AUTO_BUF struct buf payload = {0};
    json_open(&payload, NULL, '{');
    json_put_text(&payload, "state", l->state);
    if (l->duration_s)
        json_put_int(&payload, "duration_s", l->duration_s);
    return json_done(a, &payload, '}');
}

struct entry *act_log_contact(struct act *act, const struct logged_contact *l)
{
    struct customer *c = customer_or_fail(act, &l->customer);
    const struct identity *identity = c ? contacted(c, l) : NULL;
    if (!c || !files_here(act, &l->attachments))
        return NULL;
    if (!identity) {
        error_set(act->err, "identity_id", no_identity);
        return NULL;
    }
    bool letter = l->medium == MEDIUM_LETTER;
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = letter ? ENTRY_MESSAGE : ENTRY_CALL,
                         .direction = l->direction,
                         .occurred_at = l->at,
                         .text = l->text,
                         .payload = letter ? NULL : spoken_payload(act->a, l),
                         .attachments = l->attachments};
    struct intake t = act_intake(act, &in);
    t.entry_id = l->entry_id;
    t.identity = identity->key;
    t.medium = l->medium;
    return own_entry(act, &t, &l->customer);
}

/* A note is filed under the identity that was last heard of. */
struct entry *act_note(struct act *act, const struct answer *note)
{
    struct customer *c = customer_or_fail(act, &note->customer);
    if (!c || !files_here(act, &note->attachments))
        return NULL;
    if (c->identities.n == 0) {
        error_set(act->err, "customer_id", nothing_left);
        return NULL;
    }
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = ENTRY_NOTE,
                         .direction = DIRECTION_INTERNAL,
                         .occurred_at = act->now,
                         .text = note->text,
                         .attachments = note->attachments};
    struct intake t = act_intake(act, &in);
    t.entry_id = note->entry_id;
    t.identity = ((struct identity *)c->identities.items)->key;
    return own_entry(act, &t, &note->customer);
}
