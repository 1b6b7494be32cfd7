#include "task/contact_reader.h"

#include "store/contact.h"
#include "store/reader.h"

static const struct zone *zone_of(struct reading *r)
{
    const struct zone *z = zone_find(r->setting);
    if (!z)
        error_english(r->err, ERR_INTERNAL, NULL, "This machine knows no time zone %.60s.", r->setting);
    return z;
}

typedef void count(struct db *db, struct arena *a, const struct zone *zone, const struct entry_version *at, size_t n);

/* What was overtaken is less than what its day has counted, but is not among it. */
static bool is_to_be_added(const struct reading *r, const struct logged *word)
{
    return word->what == LOGGED_NEW && word->seq > r->seen;
}

static void count_those(struct reading *r, const struct zone *zone, const struct logged *words, size_t n, bool added,
                        count *counted)
{
    struct entry_version *at = arena_alloc(r->a, (n + 1) * sizeof(*at));
    size_t n_at = 0;
    for (size_t i = 0; i < n; i++)
        if (words[i].noun == LOGGED_ENTRY && is_to_be_added(r, &words[i]) == added)
            at[n_at++] = (struct entry_version){words[i].key, words[i].version};
    if (n_at > 0)
        counted(r->db, r->a, zone, at, n_at);
}

bool contact_reader_apply(struct reading *r, const struct logged *words, size_t n)
{
    const struct zone *zone = zone_of(r);
    if (!zone)
        return false;
    count_those(r, zone, words, n, true, contact_add_new);
    count_those(r, zone, words, n, false, contact_count_days);
    return db_failure(r->db) == DB_FINE;
}

bool contact_reader_anew(struct reading *r, int64_t *at)
{
    const struct zone *zone = zone_of(r);
    if (!zone)
        return false;
    int64_t until = contact_count_behind(r->db, r->a, zone, *at);
    *at = until > *at ? until : READER_WHOLE;
    return db_failure(r->db) == DB_FINE;
}
