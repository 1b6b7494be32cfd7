#include "task/contact_reader.h"

#include "store/contact.h"
#include "store/reader.h"

bool contact_reader_apply(struct reading *r, const struct logged *words, size_t n)
{
    struct entry_version *at = arena_alloc(r->a, (n + 1) * sizeof(*at));
    size_t n_at = 0;
    for (size_t i = 0; i < n; i++)
        if (words[i].noun == LOGGED_ENTRY)
            at[n_at++] = (struct entry_version){words[i].key, words[i].version};
    if (n_at > 0)
        contact_count_days(r->db, r->a, at, n_at);
    return db_failure(r->db) == DB_FINE;
}

bool contact_reader_anew(struct reading *r, int64_t *at)
{
    int64_t until = contact_count_behind(r->db, r->a, *at);
    *at = until > *at ? until : READER_WHOLE;
    return db_failure(r->db) == DB_FINE;
}
