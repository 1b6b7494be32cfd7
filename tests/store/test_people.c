/* Merging and un-merging: random operations, messages and rules between them, on a real database; at each step the truth
 * is worked out anew from what was done, by a model that knows nothing of links. */
#include "store_kit.h"

#include "base/clock.h"
#include "desk/people.h"
#include "store/customer.h"
#include "store/entry.h"

#include <pthread.h>
#include <stdio.h>

#define PEOPLE 8
#define IDENTITIES_MAX 64
#define MERGES_MAX 64
#define STEPS 120
#define SEEDS 12

/* The model: who came first, who vouched, what was merged. */
struct model {
    int n_identities, n_merges, n_entries;
    struct {
        int person; /* of the first contact, or -1 */
        int via;    /* or -1 */
        int entries;
    } identities[IDENTITIES_MAX];
    struct {
        int from, into;
        bool undone;
        struct uuid id;
    } merges[MERGES_MAX];
    struct uuid people[IDENTITIES_MAX];
    int n_people;
};

static int model_owner(const struct model *m, int identity)
{
    while (m->identities[identity].via >= 0)
        identity = m->identities[identity].via;
    int owner = m->identities[identity].person;
    for (int i = 0; i < m->n_merges; i++)
        if (!m->merges[i].undone && m->merges[i].from == owner)
            owner = m->merges[i].into;
    return owner;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static const char *value_of(struct kit *k, int identity)
{
    return arena_printf(k->arena, "i%d@example.com", identity);
}

static struct act act_for(struct kit *k, struct changes *changes, struct error *err)
{
    *err = (struct error){0};
    *changes = (struct changes){0};
    return (struct act){
        .desk = &k->desk, .db = k->db, .a = k->arena, .now = clock_now(), .changes = changes, .err = err};
}

static struct uuid customer_of(struct kit *k, const char *value)
{
    struct db_rows *rows = db_query(k->db, k->arena,
                                    "SELECT c.uuid FROM identity i JOIN identity_link l ON l.open_identity = i.id "
                                    "JOIN customer c ON c.id = l.customer_id WHERE i.value = ?",
                                    "s", value);
    struct uuid id = {{0}};
    if (db_next(rows))
        id = db_uuid(rows, 0);
    db_rows_end(rows);
    return id;
}

static void write_entry(struct kit *k, struct model *m, int identity, int vouched)
{
    struct intake *t =
        kit_message(k, IDENTITY_EMAIL, value_of(k, identity), arena_printf(k->arena, "e%d", m->n_entries++), "text");
    if (vouched >= 0) {
        t->list.items[0].also[0] =
            (struct identity_ref){.kind = IDENTITY_EMAIL, .value = value_of(k, vouched), .proof = PROOF_PROVEN};
        t->list.items[0].n_also = 1;
    }
    kit_ingest(k, (struct intake *[]){t}, 1);
    assert_true(t->done && t->created == 1);
    m->identities[identity].entries++;
}

static void new_person(struct kit *k, struct model *m)
{
    if (m->n_identities == IDENTITIES_MAX)
        return;
    int identity = m->n_identities++;
    m->identities[identity].person = m->n_people;
    m->identities[identity].via = -1;
    m->identities[identity].entries = 0;
    write_entry(k, m, identity, -1);
    m->people[m->n_people++] = customer_of(k, value_of(k, identity));
}

/* A message from `identity` that names another: who is new follows who is known. */
static void vouch(struct kit *k, struct model *m, int known)
{
    if (m->n_identities == IDENTITIES_MAX)
        return;
    int fresh = m->n_identities++;
    m->identities[fresh].person = -1;
    m->identities[fresh].via = known;
    m->identities[fresh].entries = 0;
    write_entry(k, m, known, fresh);
}

static void merge_two(struct kit *k, struct model *m, int from, int into)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid id;
    bool from_has = false, into_has = false;
    for (int i = 0; i < m->n_identities; i++) {
        from_has |= model_owner(m, i) == from;
        into_has |= model_owner(m, i) == into;
    }
    bool done = act_merge(&act, &m->people[into], &m->people[from], "same person", &id);
    assert_int_equal(done, from != into && from_has && into_has);
    if (done) {
        m->merges[m->n_merges].from = from;
        m->merges[m->n_merges].into = into;
        m->merges[m->n_merges].undone = false;
        m->merges[m->n_merges++].id = id;
    }
    changes_clear(&changes);
}

static void unmerge_one(struct kit *k, struct model *m, int which)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    assert_int_equal(act_unmerge(&act, &m->merges[which].id, "not the same"), !m->merges[which].undone);
    m->merges[which].undone = true;
    changes_clear(&changes);
}

/* Every identity where the model has it; every entry in its place; every timeline whole. */
static void compare(struct kit *k, struct model *m)
{
    int64_t total = 0;
    for (int i = 0; i < m->n_identities; i++) {
        struct uuid is = customer_of(k, value_of(k, i));
        assert_true(uuid_equal(&is, &m->people[model_owner(m, i)]));
    }
    for (int p = 0; p < m->n_people; p++) {
        int expected = 0;
        struct customer *c = customer_get(k->db, k->arena, &m->people[p]);
        int64_t keys[IDENTITIES_MAX];
        for (int i = 0; i < m->n_identities; i++)
            expected += model_owner(m, i) == p ? m->identities[i].entries : 0;
        for (size_t i = 0; i < c->identities.n; i++)
            keys[i] = ((struct identity *)c->identities.items)[i].key;
        struct list timeline = entry_page(k->db, k->arena, keys, c->identities.n, ENTRY_AT_MAX, NULL, 1000);
        assert_int_equal(timeline.n, expected);
        total += (int64_t)timeline.n;
    }
    assert_int_equal(total, m->n_entries);
}

static void test_random_histories(void **state)
{
    struct kit *k = *state;
    int merges = 0, unmerges = 0, entries = 0;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        struct model *m = mem_alloc(sizeof(*m));
        uint32_t random = seed * 2654435761u;
        for (const char *const *table = (const char *const[]){"entry", "journal", "identity_link", "link_operation",
                                                              "conversation", "identity", "customer", NULL};
             *table; table++)
            db_exec(k->db, arena_printf(k->arena, "DELETE FROM %s", *table), "");
        for (int i = 0; i < PEOPLE; i++)
            new_person(k, m);
        for (int step = 0; step < STEPS; step++) {
            uint32_t r = next_random(&random) % 100;
            int some = (int)(next_random(&random) % (uint32_t)m->n_identities);
            if (r < 35)
                write_entry(k, m, some, -1);
            else if (r < 45)
                vouch(k, m, some);
            else if (r < 50)
                new_person(k, m);
            else if (r < 80 && m->n_merges < MERGES_MAX)
                merge_two(k, m, (int)(next_random(&random) % (uint32_t)m->n_people),
                          (int)(next_random(&random) % (uint32_t)m->n_people));
            else if (m->n_merges)
                unmerge_one(k, m, (int)(next_random(&random) % (uint32_t)m->n_merges));
            if (step % 10 == 9)
                compare(k, m);
        }
        for (int i = 0; i < m->n_merges; i++) {
            unmerges += m->merges[i].undone;
            if (!m->merges[i].undone)
                unmerge_one(k, m, i);
        }
        compare(k, m); /* all undone: everybody as if nothing had been */
        merges += m->n_merges;
        entries += m->n_entries;
        free(m);
        arena_free(k->arena);
        k->arena = arena_new();
    }
    print_message("%d histories of %d steps: %d merges, %d undone on the way, %d entries\n", SEEDS, STEPS, merges,
                  unmerges, entries);
}

struct racer {
    struct kit *k;
    const struct uuid *into, *from;
    bool done;
    struct error err;
};

static void *race(void *arg)
{
    struct racer *r = arg;
    struct kit own = *r->k;
    struct changes changes;
    struct uuid id;
    own.db = db_new(&r->k->config);
    own.arena = arena_new();
    struct act act = act_for(&own, &changes, &r->err);
    r->done = act_merge(&act, r->into, r->from, "", &id);
    changes_clear(&changes);
    db_free(own.db);
    db_thread_end();
    arena_free(own.arena);
    return NULL;
}

static void test_opposite_merges_at_once(void **state)
{
    struct kit *k = *state;
    for (int round = 0; round < 15; round++) {
        struct uuid people[2];
        for (int i = 0; i < 2; i++) {
            const char *value = arena_printf(k->arena, "race%d-%d@example.com", round, i);
            struct intake *t = kit_message(k, IDENTITY_EMAIL, value, value, "x");
            kit_ingest(k, (struct intake *[]){t}, 1);
            people[i] = customer_of(k, value);
        }
        struct racer racers[2] = {{.k = k, .into = &people[0], .from = &people[1]},
                                  {.k = k, .into = &people[1], .from = &people[0]}};
        pthread_t threads[2];
        for (int i = 0; i < 2; i++)
            pthread_create(&threads[i], NULL, race, &racers[i]);
        for (int i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        assert_int_equal(racers[0].done + racers[1].done, 1);
        const struct racer *loser = racers[0].done ? &racers[1] : &racers[0];
        assert_int_equal(loser->err.code, ERR_CONFLICT);
        struct customer *winner = customer_get(k->db, k->arena, racers[0].done ? &people[0] : &people[1]);
        assert_int_equal(winner->identities.n, 2);
    }
}

static void test_the_old_address_leads_on(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct uuid people[3], id;
    for (int i = 0; i < 3; i++) {
        const char *value = arena_printf(k->arena, "old%d@example.com", i);
        kit_ingest(k, (struct intake *[]){kit_message(k, IDENTITY_EMAIL, value, value, "x")}, 1);
        people[i] = customer_of(k, value);
    }
    for (int i = 0; i < 2; i++) {
        struct act act = act_for(k, &changes, &err);
        assert_true(act_merge(&act, &people[i + 1], &people[i], "", &id));
        changes_clear(&changes);
    }
    struct list now = customer_successors(k->db, k->arena, customer_key(k->db, k->arena, &people[0]));
    assert_int_equal(now.n, 1);
    assert_true(uuid_equal(now.items, &people[2]));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_random_histories),
        TEST(test_opposite_merges_at_once),
        TEST(test_the_old_address_leads_on),
    };
    return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
