/* search.query: what is shown of what was found. */
#include "api/search_run.h"
#include "base/text.h"
#include "store/conversation.h"
#include "store/entry.h"

#define TEXT_BYTES_MAX (SEARCH_TEXT_MAX * 4)

static bool has_medium(const struct search_person *p, const struct list *media)
{
    for (size_t i = 0; i < media->n; i++)
        for (size_t k = 0; k < p->media.n; k++)
            if (strcmp(MEDIUM_NAMES[((int *)media->items)[i]], ((const char **)p->media.items)[k]) == 0)
                return true;
    return media->n == 0;
}

static int by_nearness(const void *x, const void *y)
{
    const struct shown_person *a = x, *b = y;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    return (b->last_at > a->last_at) - (b->last_at < a->last_at);
}

/* As much of a text as is indexed, or a little more. */
static const char *cut_excerpt(struct searching *s, const char *text)
{
    if (!text || strlen(text) <= TEXT_BYTES_MAX)
        return text;
    char *copy = arena_strndup(s->a, text, TEXT_BYTES_MAX);
    utf8_mend(copy);
    return copy;
}

/* What is indexed of it. */
static struct search_entry searched_words(struct searching *s, const struct entry *e)
{
    return (struct search_entry){.kind = e->kind,
                                 .text = cut_excerpt(s, e->text),
                                 .subject = e->subject,
                                 .payload = e->payload,
                                 .attachments = e->attachments};
}

/* The text that holds most of what was asked for; NULL: none does any more, the entry was changed or erased a moment ago. */
static const char *best_text(struct searching *s, const struct search_entry *e)
{
    AUTO_BUF struct buf others = {0};
    struct search_entry rest = {.kind = e->kind, .payload = e->payload, .attachments = e->attachments};
    entry_words(&others, &rest);
    const char *texts[] = {e->text, e->subject, arena_strdup(s->a, others.data)}, *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        enum found_as as;
        size_t n = text_is_blank(texts[i]) ? 0 : mark_terms(s->marker, texts[i], false, &as);
        if (n > most) {
            best = texts[i];
            most = n;
        }
    }
    return best;
}

static const struct entry *entry_of_hit(const struct list *entries, const struct uuid *id)
{
    const struct entry *e = entries->items;
    for (size_t i = 0; i < entries->n; i++)
        if (uuid_equal(&e[i].id, id))
            return &e[i];
    return NULL;
}

void search_show_hits(struct searching *s)
{
    struct list ids = {0}, entries = {0};
    const struct person_entry *hit = s->hits.items;
    for (size_t i = 0; i < s->hits.n; i++)
        *(struct uuid *)list_grow(s->a, &ids, sizeof(struct uuid)) = hit[i].entry;
    if (ids.n)
        entry_find_ids(s->call->db, s->a, ids.items, ids.n, &entries);
    for (size_t i = 0; i < s->people.n; i++)
        search_person_at(s, i)->hits = (struct list){0};
    for (size_t i = 0; i < s->hits.n; i++) {
        const struct entry *e = entry_of_hit(&entries, &hit[i].entry);
        if (!e || !filter_may_read(&s->filter, e))
            continue;
        struct search_entry words = searched_words(s, e);
        const char *text = best_text(s, &words);
        if (!text)
            continue;
        struct shown_hit shown = {.entry_id = e->id,
                                  .identity_id = hit[i].identity,
                                  .occurred_at = e->occurred_at,
                                  .medium = e->medium,
                                  .kind = e->kind,
                                  .direction = e->direction,
                                  .subject = e->subject,
                                  .reasons = search_why_entry(s, &words, hit[i].identity_key)};
        shown.snippet = mark_snippet(s->marker, text, false, &shown.marks);
        *(struct shown_hit *)list_grow(s->a, &search_person_at(s, hit[i].person)->hits, sizeof(shown)) = shown;
    }
}

static const struct conversation *conversation_of_group(const struct list *rows, int64_t key)
{
    const struct conversation *c = rows->items;
    for (size_t i = 0; i < rows->n; i++)
        if (c[i].key == key)
            return &c[i];
    return NULL;
}

void search_show_conversations(struct searching *s, struct list *ret)
{
    struct list keys = {0};
    for (size_t i = 0; i < s->people.n; i++)
        *(int64_t *)list_grow(s->a, &keys, sizeof(int64_t)) = search_person_at(s, i)->key;
    struct list rows = conversation_by_keys(s->call->db, s->a, keys.items, keys.n);
    call_close_conversations(s->call, rows.items, rows.n);
    for (size_t i = 0; i < s->people.n; i++) {
        const struct shown_person *group = search_person_at(s, i);
        const struct conversation *c = conversation_of_group(&rows, group->key);
        if (c && !c->customer_erased && group->hits.n)
            *(struct shown_conversation *)list_grow(s->a, ret, sizeof(struct shown_conversation)) =
                (struct shown_conversation){c, group->hits, group->more_hits};
    }
}

/* Another name, or an address, that says why. */
static const char *matched_text(const struct shown_person *shown)
{
    const struct shown_reason *r = shown->reasons.items;
    for (size_t i = 0; i < shown->reasons.n; i++)
        if ((r[i].in == FOUND_IN_IDENTITY || r[i].in == FOUND_IN_OTHER_NAME) && strcmp(r[i].text, shown->name) != 0)
            return r[i].text;
    return NULL;
}

static void show_person(struct searching *s, struct shown_person *shown, const struct search_person *p,
                        const struct list *records)
{
    shown->customer_id = p->id;
    shown->name = p->name;
    shown->media = p->media;
    shown->last_at = p->last_at;
    if (!records)
        return;
    mark_name(s->marker, p->name, shown->distance > 0, &shown->name_marks);
    if (shown->by_name)
        shown->reasons = search_why_person(s, shown, p, records);
    shown->matched = matched_text(shown);
}

static void add_key(struct searching *s, struct list *keys, int64_t key)
{
    if (key && keys->n < DB_LIST_MAX)
        *(int64_t *)list_grow(s->a, keys, sizeof(int64_t)) = key;
}

/* The records of those who were found by what is known of them. */
static struct list read_records(struct searching *s)
{
    struct list keys = {0};
    for (size_t i = 0; i < s->people.n; i++) {
        const struct shown_person *p = search_person_at(s, i);
        add_key(s, &keys, p->by_name ? p->key : 0);
        add_key(s, &keys, p->by_name && p->asked != p->key ? p->asked : 0);
    }
    return keys.n ? customer_profiles(s->call->db, s->a, keys.items, keys.n) : keys;
}

/* Fills what is shown of the people, and with `records` why, and leaves out those who are gone or do not fit. */
static void fill_people(struct searching *s, const struct list *records)
{
    struct list keys = {0};
    for (size_t i = 0; i < s->people.n; i++)
        add_key(s, &keys, search_person_at(s, i)->key);
    struct list found = {0};
    if (keys.n)
        found = search_people(s->call->db, s->a, keys.items, keys.n);
    size_t n = 0;
    for (size_t i = 0; i < s->people.n; i++) {
        const struct search_person *p = found.items;
        size_t k = 0;
        while (k < found.n && p[k].key != search_person_at(s, i)->key)
            k++;
        if (k == found.n || (search_person_at(s, i)->by_name && !has_medium(&p[k], &s->filter.media)))
            continue;
        *search_person_at(s, n) = *search_person_at(s, i);
        show_person(s, search_person_at(s, n++), &p[k], records);
    }
    s->people.n = n;
}

void search_show_people(struct searching *s)
{
    struct list records = read_records(s);
    fill_people(s, &records);
}

/* People by name come on the first page, nearest and latest first, in half of it unless entries leave more room. */
void search_choose_people(struct searching *s)
{
    if (s->people.n == 0)
        return;
    fill_people(s, NULL);
    qsort(s->people.items, s->people.n, sizeof(struct shown_person), by_nearness);
    size_t room = (s->limit + 1) / 2;
    if (s->people.n <= room)
        return;
    s->spare = (struct list){search_person_at(s, room), s->people.n - room};
    struct list first = {0};
    for (size_t i = 0; i < room; i++)
        *(struct shown_person *)list_grow(s->a, &first, sizeof(struct shown_person)) = *search_person_at(s, i);
    s->people = first;
}

/* Where entries have left room. */
void search_fill_up(struct searching *s)
{
    const struct shown_person *spare = s->spare.items;
    for (size_t i = 0; i < s->spare.n && s->people.n < s->limit; i++)
        if (search_person_find(s, spare[i].key) == s->people.n)
            *(struct shown_person *)list_grow(s->a, &s->people, sizeof(struct shown_person)) = spare[i];
}
