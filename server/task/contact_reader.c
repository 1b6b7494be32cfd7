#include "task/contact_reader.h"

#include "store/contact.h"
#include "store/identity.h"
#include "store/reader.h"

/* Screens that show these people read the numbers again. */
static void tell_owners(struct reading *r, const struct list *identities)
{
    struct list owners = {0};
    link_owners(r->db, r->a, identities->items, identities->n, &owners);
    for (size_t i = 0; i < owners.n; i++)
        changes_add(r->changes, (struct change){.kind = CHANGE_CUSTOMER,
                                                .customer = ((struct identity_owner *)owners.items)[i].customer_id});
}

bool contact_reader_apply(struct reading *r, const struct logged *words, size_t n)
{
    struct entry_version *at = arena_alloc(r->a, (n + 1) * sizeof(*at));
    size_t n_at = 0;
    for (size_t i = 0; i < n; i++)
        if (words[i].noun == LOGGED_ENTRY)
            at[n_at++] = (struct entry_version){words[i].key, words[i].version};
    if (n_at == 0)
        return true;
    struct list changed = contact_count_days(r->db, r->a, at, n_at);
    tell_owners(r, &changed);
    return db_failure(r->db) == DB_FINE;
}

bool contact_reader_anew(struct reading *r, int64_t *at)
{
    int64_t until = contact_count_behind(r->db, r->a, *at);
    *at = until > *at ? until : READER_WHOLE;
    return db_failure(r->db) == DB_FINE;
}
