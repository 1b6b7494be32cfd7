/* Merging, taking apart, sharing, keeping apart: random histories with messages, orders and receipts between them, on a
 * real database; after every few steps the truth is worked out anew from what was done, by a model that knows nothing of
 * links. THROUGHLINE_SEEDS=n runs n histories, and prints how many of what. */
#include "store_kit.h"

#include "base/clock.h"
#include "desk/people/owner.h"
#include "desk/people/people.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/identity.h"
#include "store/order.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define PEOPLE 8
#define IDENTITIES_MAX 64
#define PEOPLE_MAX 160
#define OPERATIONS_MAX 64
#define DISTINCTIONS_MAX 64
#define ENTRIES_MAX 256
#define STEPS 120
#define SEEDS 12

/* ---- the model: who came first, who vouched, what was done, what was said ---- */

struct model_operation {
    int kind, from, into;
    bool names[IDENTITIES_MAX];
    bool undone;
    struct uuid id;
};

struct model_distinction {
    int side[IDENTITIES_MAX]; /* 0 none, 1, 2 */
    int operation;            /* goes with that one, or -1 */
    bool withdrawn;
    struct uuid id;
};

struct model {
    int n_identities, n_operations, n_distinctions, n_people, n_entries, n_sent;
    struct {
        int person; /* to whom the rule linked it */
        int via;    /* or -1 */
        bool shared;
    } identities[IDENTITIES_MAX];
    struct model_operation operations[OPERATIONS_MAX];
    struct model_distinction distinctions[DISTINCTIONS_MAX];
    struct uuid people[PEOPLE_MAX];
    int entry_of[ENTRIES_MAX]; /* identity of each entry */
    bool is_order[ENTRIES_MAX], is_sent[ENTRIES_MAX];
};

static const struct cause BY_SYSTEM = {.by = {.type = CAUSE_SYSTEM}};

static bool was_named(const struct model *m, int identity, int before)
{
    for (int i = 0; i < before; i++)
        if (!m->operations[i].undone && m->operations[i].kind != OPERATION_MERGE && m->operations[i].names[identity])
            return true;
    return false;
}

/* Whose an identity is when only the first `n` operations count. */
static int owner_after(const struct model *m, int identity, int n)
{
    if (n == 0) {
        while (m->identities[identity].via >= 0)
            identity = m->identities[identity].via;
        return m->identities[identity].person;
    }
    const struct model_operation *o = &m->operations[n - 1];
    int before = owner_after(m, identity, n - 1);
    if (o->undone)
        return before;
    if (o->kind == OPERATION_MERGE)
        return before == o->from ? o->into : before;
    for (int i = identity; i >= 0; i = m->identities[i].via) {
        if (o->names[i])
            return o->into;
        if (o->kind == OPERATION_SHARE || was_named(m, i, n - 1))
            break;
    }
    return before;
}

static void owners(const struct model *m, int ret[IDENTITIES_MAX])
{
    for (int i = 0; i < m->n_identities; i++)
        ret[i] = owner_after(m, i, m->n_operations);
}

static bool all_apart(const struct model *m)
{
    int owner[IDENTITIES_MAX];
    owners(m, owner);
    for (int d = 0; d < m->n_distinctions; d++)
        for (int i = 0; i < m->n_identities; i++)
            for (int k = 0; k < m->n_identities; k++)
                if (!m->distinctions[d].withdrawn && m->distinctions[d].side[i] == 1 &&
                    m->distinctions[d].side[k] == 2 && owner[i] == owner[k])
                    return false;
    return true;
}

static int count_owned(const int owner[], int n, int person)
{
    int owned = 0;
    for (int i = 0; i < n; i++)
        owned += owner[i] == person;
    return owned;
}

/* Those that have moved are apart from those that stayed with `person`. */
static void model_apart(struct model *m, const int before[], const int after[], int person, int operation)
{
    struct model_distinction *d = &m->distinctions[m->n_distinctions];
    int sides[3] = {0};
    *d = (struct model_distinction){.operation = operation};
    for (int i = 0; i < m->n_identities; i++) {
        d->side[i] = before[i] != after[i] ? 1 : before[i] == person ? 2 : 0;
        sides[d->side[i]]++;
    }
    m->n_distinctions += sides[1] && sides[2];
}

/* ---- doing it ---- */

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static int pick(uint32_t *state, int n)
{
    return (int)(next_random(state) % (uint32_t)n);
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
                                    value);
    struct uuid id = {{0}};
    if (db_next(rows))
        id = db_uuid(rows, 0);
    db_rows_end(rows);
    return id;
}

static struct uuid identity_id(struct kit *k, int identity)
{
    struct db_rows *rows =
        db_query(k->db, k->arena, "SELECT uuid FROM identity WHERE value = ?", value_of(k, identity));
    struct uuid id = {{0}};
    if (db_next(rows))
        id = db_uuid(rows, 0);
    db_rows_end(rows);
    return id;
}

static struct order_facts *order_facts(struct kit *k, int number)
{
    struct order_facts *f = arena_alloc(k->arena, sizeof(*f));
    *f = (struct order_facts){.external_id = arena_printf(k->arena, "o%d", number),
                              .number = arena_printf(k->arena, "#%d", number),
                              .placed_at = clock_now(),
                              .updated_at = clock_now(),
                              .currency = "EUR",
                              .total = "1.00"};
    return f;
}

enum what { WHAT_MESSAGE, WHAT_ORDER, WHAT_SENT };

static void write_entry(struct kit *k, struct model *m, int identity, int vouched, enum what what)
{
    if (m->n_entries == ENTRIES_MAX)
        return;
    int number = m->n_entries++;
    struct intake *t =
        kit_message(k, IDENTITY_EMAIL, value_of(k, identity), arena_printf(k->arena, "e%d", number), "text");
    struct inbound *in = &t->list.items[0];
    if (vouched >= 0) {
        in->also[0] =
            (struct identity_ref){.kind = IDENTITY_EMAIL, .value = value_of(k, vouched), .proof = PROOF_PROVEN};
        in->n_also = 1;
    }
    if (what == WHAT_ORDER) {
        in->kind = ENTRY_ORDER;
        in->order = order_facts(k, number);
        in->payload = "{}";
    } else if (what == WHAT_SENT) {
        in->direction = DIRECTION_OUT;
    }
    kit_ingest(k, (struct intake *[]){t}, 1);
    assert_true(t->done && t->created == 1);
    m->entry_of[number] = identity;
    m->is_order[number] = what == WHAT_ORDER;
    m->is_sent[number] = what == WHAT_SENT;
}

static void write_receipt(struct kit *k, struct model *m, int entry)
{
    if (entry >= m->n_entries || !m->is_sent[entry])
        return;
    struct intake *t = kit_message(k, IDENTITY_EMAIL, "x@example.com", arena_printf(k->arena, "e%d", entry), NULL);
    t->list.items[0].type = INBOUND_RECEIPT;
    t->list.items[0].delivery = DELIVERY_DELIVERED;
    kit_ingest(k, (struct intake *[]){t}, 1);
    assert_true(t->done && t->created == 0);
}

static void new_person(struct kit *k, struct model *m)
{
    if (m->n_identities == IDENTITIES_MAX)
        return;
    int identity = m->n_identities++;
    m->identities[identity].person = m->n_people;
    m->identities[identity].via = -1;
    write_entry(k, m, identity, -1, WHAT_MESSAGE);
    m->people[m->n_people++] = customer_of(k, value_of(k, identity));
}

/* A message from `known` that names another, who is new. */
static void vouch(struct kit *k, struct model *m, int known)
{
    if (m->n_identities == IDENTITIES_MAX || m->identities[known].shared || m->n_entries == ENTRIES_MAX)
        return;
    int fresh = m->n_identities++;
    m->identities[fresh].person = owner_after(m, known, m->n_operations);
    m->identities[fresh].via = known;
    write_entry(k, m, known, fresh, WHAT_MESSAGE);
}

/* The model has done it; has the server, and only when nothing stands against it? */
static struct model_operation *took(struct model *m, bool expected, const struct operation *o, const struct error *err)
{
    if (!expected) {
        assert_null(o);
        assert_true(err->code == ERR_CONFLICT || err->code == ERR_INVALID);
        return NULL;
    }
    if (!o)
        fail_msg("refused: %s", err->text);
    m->operations[m->n_operations - 1].id = o->id;
    return &m->operations[m->n_operations - 1];
}

static void merge_two(struct kit *k, struct model *m, int from, int into)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    int owner[IDENTITIES_MAX];
    owners(m, owner);
    bool expected =
        from != into && count_owned(owner, m->n_identities, from) && count_owned(owner, m->n_identities, into);
    m->operations[m->n_operations++] = (struct model_operation){.kind = OPERATION_MERGE, .from = from, .into = into};
    expected = expected && all_apart(m);
    struct merging merging = {.into = m->people[into], .from = m->people[from], .reason = "same person"};
    if (!took(m, expected, act_merge(&act, &merging), &err))
        m->n_operations--;
    changes_clear(&changes);
}

static int person_of(struct model *m, const struct uuid *id)
{
    for (int i = 0; i < m->n_people; i++)
        if (uuid_equal(&m->people[i], id))
            return i;
    assert_true(m->n_people < PEOPLE_MAX);
    m->people[m->n_people] = *id;
    return m->n_people++;
}

static void split_off(struct kit *k, struct model *m, int identity, int other, int into, bool apart)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    int before[IDENTITIES_MAX], after[IDENTITIES_MAX];
    owners(m, before);
    int from = before[identity];
    struct uuid ids[2] = {identity_id(k, identity), identity_id(k, other)};
    size_t n = other != identity && before[other] == from ? 2 : 1;
    bool expected = into != from && (int)n < count_owned(before, m->n_identities, from);
    int back = m->identities[identity].person != from ? m->identities[identity].person : -1;
    int goes = into >= 0 ? into : back >= 0 ? back : PEOPLE_MAX - 1; /* a new one: nobody's number yet */
    struct model_operation *o = &m->operations[m->n_operations++];
    *o = (struct model_operation){.kind = OPERATION_MOVE, .from = from, .into = goes};
    o->names[identity] = true;
    o->names[other] |= n == 2;
    expected = expected && all_apart(m);
    struct splitting s = {.customer = m->people[from],
                          .identities = ids,
                          .n = n,
                          .into = into >= 0 ? m->people[into] : (struct uuid){{0}},
                          .reason = "somebody else",
                          .apart = apart};
    struct operation *done = act_split(&act, &s);
    if (took(m, expected, done, &err)) {
        o->into = person_of(m, &done->into_id);
        assert_true(goes == PEOPLE_MAX - 1 || goes == o->into);
        owners(m, after);
        if (apart)
            model_apart(m, before, after, from, m->n_operations - 1);
    } else {
        m->n_operations--;
    }
    changes_clear(&changes);
}

static void withdraw_with(struct model *m, int operation)
{
    for (int i = 0; i < m->n_distinctions; i++)
        m->distinctions[i].withdrawn |= m->distinctions[i].operation == operation;
}

static bool undo_one(struct kit *k, struct model *m, int which, bool apart)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct model *was = mem_alloc(sizeof(*was));
    int before[IDENTITIES_MAX], after[IDENTITIES_MAX];
    memcpy(was, m, sizeof(*was));
    owners(m, before);
    bool expected = !m->operations[which].undone;
    m->operations[which].undone = true;
    withdraw_with(m, which);
    expected = expected && all_apart(m);
    struct operation *done = act_undo(&act, &was->operations[which].id, "not so", apart);
    if (!expected) {
        assert_null(done);
        assert_int_equal(err.code, ERR_CONFLICT);
        memcpy(m, was, sizeof(*m));
    } else {
        assert_non_null(done);
        owners(m, after);
        for (int i = 0; m->operations[which].kind == OPERATION_SHARE && i < m->n_identities; i++)
            m->identities[i].shared &= !m->operations[which].names[i];
        for (int i = 0; apart && i < m->n_identities; i++) {
            if (before[i] == after[i])
                continue;
            model_apart(m, before, after, before[i], -1);
            break;
        }
    }
    free(was);
    changes_clear(&changes);
    return expected;
}

static void distinguish(struct kit *k, struct model *m, int one, int other)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    int owner[IDENTITIES_MAX];
    owners(m, owner);
    bool expected = one != other && count_owned(owner, m->n_identities, one) &&
                    count_owned(owner, m->n_identities, other) && m->n_distinctions < DISTINCTIONS_MAX;
    if (m->n_distinctions == DISTINCTIONS_MAX)
        return;
    struct distinction *d = act_distinguish(&act, &m->people[one], &m->people[other], "twins");
    assert_int_equal(d != NULL, expected);
    if (d) {
        struct model_distinction *x = &m->distinctions[m->n_distinctions++];
        *x = (struct model_distinction){.operation = -1, .id = d->id};
        for (int i = 0; i < m->n_identities; i++)
            x->side[i] = owner[i] == one ? 1 : owner[i] == other ? 2 : 0;
    }
    changes_clear(&changes);
}

static void withdraw(struct kit *k, struct model *m, int which)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    if (uuid_is_none(&m->distinctions[which].id))
        return; /* one that goes with an operation */
    assert_non_null(act_withdraw(&act, &m->distinctions[which].id));
    m->distinctions[which].withdrawn = true;
    changes_clear(&changes);
}

/* An identity becomes that of two persons, who each keep one of their own. */
static void share(struct kit *k, struct model *m, int identity, int one, int other)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    int owner[IDENTITIES_MAX];
    owners(m, owner);
    int from = owner[identity];
    bool expected = one != other && !m->identities[identity].shared;
    int people[2] = {one, other};
    for (int i = 0; i < 2; i++)
        expected = expected && count_owned(owner, m->n_identities, people[i]) > (people[i] == from);
    struct uuid ids[2] = {m->people[one], m->people[other]}, id = identity_id(k, identity);
    struct model_operation *o = &m->operations[m->n_operations++];
    *o = (struct model_operation){.kind = OPERATION_SHARE, .from = from, .into = PEOPLE_MAX - 1};
    o->names[identity] = true;
    struct operation *done = one == other ? NULL : act_share(&act, &id, ids, 2, "the family's");
    if (one == other)
        err.code = ERR_INVALID;
    if (took(m, expected, done, &err)) {
        o->into = person_of(m, &done->into_id);
        m->identities[identity].shared = true;
    } else {
        m->n_operations--;
    }
    changes_clear(&changes);
}

/* ---- comparing ---- */

/* Every identity where the model has it; every entry once, under its own identity, in its owner's timeline and in no
 * other, in order; orders with their identities. */
static void compare(struct kit *k, struct model *m)
{
    int owner[IDENTITIES_MAX], seen = 0, orders = 0, all_orders = 0;
    owners(m, owner);
    for (int i = 0; i < m->n_identities; i++) {
        struct uuid is = customer_of(k, value_of(k, i));
        assert_true(uuid_equal(&is, &m->people[owner[i]]));
    }
    for (int p = 0; p < m->n_people; p++) {
        struct customer *c = customer_get(k->db, k->arena, &m->people[p]);
        int64_t keys[IDENTITIES_MAX], last = INT64_MAX;
        for (size_t i = 0; i < c->identities.n; i++)
            keys[i] = ((struct identity *)c->identities.items)[i].key;
        struct list timeline = entry_page(k->db, k->arena, keys, c->identities.n, ENTRY_AT_MAX, NULL, 1000);
        for (size_t i = 0; i < timeline.n; i++) {
            const struct entry *e = (struct entry *)timeline.items + i;
            struct uuid filed = identity_id(k, m->entry_of[atoi(e->external_id + 1)]);
            assert_int_equal(owner[m->entry_of[atoi(e->external_id + 1)]], p);
            assert_true(uuid_equal(&filed, &e->identity_id));
            assert_true(e->occurred_at <= last);
            last = e->occurred_at;
        }
        seen += (int)timeline.n;
        orders +=
            (int)order_of_customer(k->db, k->arena, customer_key(k->db, k->arena, &m->people[p]), ROLE_ADMIN, 1000).n;
    }
    for (int i = 0; i < m->n_entries; i++)
        all_orders += m->is_order[i];
    assert_int_equal(seen, m->n_entries);
    assert_int_equal(orders, all_orders);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry"), m->n_entries);
}

static void empty(struct kit *k)
{
    static const char *const TABLES[] = {
        "entry",          "contact_day",          "shop_order",  "journal",       "claim",
        "identity_share", "distinction_identity", "distinction", "identity_link", "link_operation_identity",
        "link_operation", "conversation",         "audit",       "identity",      "customer"};
    for (size_t i = 0; i < COUNT_OF(TABLES); i++)
        db_exec(k->db, arena_printf(k->arena, "DELETE FROM %s", TABLES[i]));
    assert_int_equal(db_failure(k->db), DB_FINE);
}

static void step(struct kit *k, struct model *m, uint32_t *random)
{
    int r = pick(random, 100), some = pick(random, m->n_identities);
    int one = pick(random, m->n_people), other = pick(random, m->n_people);
    bool room = m->n_operations < OPERATIONS_MAX - 1;
    if (r < 22)
        write_entry(k, m, some, -1, WHAT_MESSAGE);
    else if (r < 26)
        write_entry(k, m, some, -1, WHAT_ORDER);
    else if (r < 30)
        write_entry(k, m, some, -1, WHAT_SENT);
    else if (r < 34)
        write_receipt(k, m, pick(random, ENTRIES_MAX));
    else if (r < 43)
        vouch(k, m, some);
    else if (r < 47)
        new_person(k, m);
    else if (r < 65 && room)
        merge_two(k, m, one, other);
    else if (r < 78 && room)
        split_off(k, m, some, pick(random, m->n_identities), pick(random, 3) ? -1 : one, pick(random, 2));
    else if (r < 81 && room)
        share(k, m, some, one, other);
    else if (r < 84)
        distinguish(k, m, one, other);
    else if (r < 87 && m->n_distinctions)
        withdraw(k, m, pick(random, m->n_distinctions));
    else if (m->n_operations)
        undo_one(k, m, pick(random, m->n_operations), pick(random, 4) == 0);
}

/* Everything said is taken back, then everything done is undone, newest first: everybody as if nothing had been. */
static void undo_all(struct kit *k, struct model *m)
{
    for (int i = 0; i < m->n_distinctions; i++)
        withdraw(k, m, i);
    db_exec(k->db, "UPDATE distinction SET withdrawn_at = 1 WHERE withdrawn_at IS NULL");
    for (int i = 0; i < m->n_distinctions; i++)
        m->distinctions[i].withdrawn = true;
    for (int i = m->n_operations; i-- > 0;)
        if (!m->operations[i].undone)
            assert_true(undo_one(k, m, i, false));
}

static void test_random_histories(void **state)
{
    struct kit *k = *state;
    const char *wanted = getenv("THROUGHLINE_SEEDS");
    uint32_t seeds = wanted ? (uint32_t)atoi(wanted) : SEEDS;
    int operations[3] = {0}, undone = 0, distinctions = 0, entries = 0;
    for (uint32_t seed = 1; seed <= seeds; seed++) {
        struct model *m = mem_alloc(sizeof(*m));
        uint32_t random = seed * 2654435761u;
        empty(k);
        for (int i = 0; i < PEOPLE; i++)
            new_person(k, m);
        for (int i = 0; i < STEPS; i++) {
            step(k, m, &random);
            if (i % 10 == 9)
                compare(k, m);
        }
        for (int i = 0; i < m->n_operations; i++) {
            operations[m->operations[i].kind]++;
            undone += m->operations[i].undone;
        }
        undo_all(k, m);
        compare(k, m);
        distinctions += m->n_distinctions;
        entries += m->n_entries;
        free(m);
        arena_free(k->arena);
        k->arena = arena_new();
    }
    print_message("%u histories of %d steps: %d merges, %d moves, %d shares, %d undone on the way, %d distinctions, "
                  "%d entries\n",
                  seeds, STEPS, operations[0], operations[1], operations[2], undone, distinctions, entries);
}

/* ---- several agents at once ---- */

#define CROWD 5
#define CROWD_STEPS 60
#define CROWD_PEOPLE 6

struct agent_at_work {
    struct kit own;
    uint32_t random;
    const struct uuid *people;
    int done, refused, written;
    enum error_code unexpected;
};

static void count_result(struct agent_at_work *w, bool done, const struct error *err)
{
    w->done += done;
    w->refused += !done;
    bool clear = done || err->code == ERR_CONFLICT || err->code == ERR_INVALID || err->code == ERR_NOT_FOUND;
    if (!clear && err->code != ERR_BUSY)
        w->unexpected = err->code;
}

static void work(struct agent_at_work *w)
{
    struct kit *k = &w->own;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    const struct uuid *one = &w->people[pick(&w->random, CROWD_PEOPLE)],
                      *other = &w->people[pick(&w->random, CROWD_PEOPLE)];
    int r = pick(&w->random, 10);
    if (r < 4) {
        const char *value = arena_printf(k->arena, "c%d@example.com", pick(&w->random, CROWD_PEOPLE));
        struct intake *t = kit_message(k, IDENTITY_EMAIL, value,
                                       arena_printf(k->arena, "w%p-%d", (void *)w, w->written), "in between");
        kit_ingest(k, (struct intake *[]){t}, 1);
        w->written += t->done;
    } else if (r < 7) {
        struct merging m = {.into = *one, .from = *other};
        count_result(w, act_merge(&act, &m) != NULL, &err);
    } else if (r < 8) {
        struct customer *c = customer_get(k->db, k->arena, one);
        struct uuid id = c->identities.n ? ((struct identity *)c->identities.items)->id : (struct uuid){{0}};
        struct splitting s = {.customer = *one, .identities = &id, .n = c->identities.n > 0, .apart = false};
        count_result(w, act_split(&act, &s) != NULL, &err);
    } else {
        int64_t key = customer_key(k->db, k->arena, one);
        struct list all = operation_of(k->db, k->arena, &key, 1);
        if (all.n)
            count_result(
                w, act_undo(&act, &((struct operation *)all.items)[(size_t)pick(&w->random, (int)all.n)].id, "", false),
                &err);
    }
    changes_clear(&changes);
}

static void *work_on(void *arg)
{
    struct agent_at_work *w = arg;
    w->own.db = db_new(&w->own.config);
    w->own.arena = arena_new();
    for (int i = 0; i < CROWD_STEPS; i++)
        work(w);
    db_free(w->own.db);
    db_thread_end();
    arena_free(w->own.arena);
    return NULL;
}

/* The open links are what follows from everything that was done. */
static void check_links(struct kit *k)
{
    struct list identities = {0}, customers = {0};
    struct db_rows *rows = db_query(k->db, k->arena, "SELECT id FROM identity ORDER BY id");
    while (db_next(rows))
        *(int64_t *)list_grow(k->arena, &identities, sizeof(int64_t)) = db_int(rows, 0);
    db_rows_end(rows);
    rows = db_query(k->db, k->arena, "SELECT id FROM customer");
    while (db_next(rows))
        *(int64_t *)list_grow(k->arena, &customers, sizeof(int64_t)) = db_int(rows, 0);
    db_rows_end(rows);
    struct list bases = link_bases(k->db, k->arena, identities.items, identities.n);
    struct list operations = operation_of(k->db, k->arena, customers.items, customers.n);
    struct owned *owned = arena_alloc(k->arena, bases.n * sizeof(*owned));
    for (size_t i = 0; i < bases.n; i++) {
        const struct link_base *b = (struct link_base *)bases.items + i;
        owned[i] = (struct owned){b->identity, b->customer, b->via, 0};
    }
    owners_follow(k->arena, owned, bases.n, operations.items, operations.n);
    for (size_t i = 0; i < bases.n; i++)
        assert_int_equal(
            kit_number(k, arena_printf(k->arena, "SELECT customer_id FROM identity_link WHERE open_identity = %lld",
                                       (long long)owned[i].identity)),
            owned[i].owner);
    assert_int_equal(bases.n, identities.n);
}

static void test_several_agents_at_once(void **state)
{
    struct kit *k = *state;
    struct uuid people[CROWD_PEOPLE];
    struct agent_at_work agents[CROWD];
    pthread_t threads[CROWD];
    int written = CROWD_PEOPLE, done = 0, refused = 0;
    for (int i = 0; i < CROWD_PEOPLE; i++) {
        const char *value = arena_printf(k->arena, "c%d@example.com", i);
        kit_ingest(k, (struct intake *[]){kit_message(k, IDENTITY_EMAIL, value, value, "x")}, 1);
        people[i] = customer_of(k, value);
    }
    for (int i = 0; i < CROWD; i++) {
        agents[i] = (struct agent_at_work){.own = *k, .random = 77u + (uint32_t)i * 7919u, .people = people};
        pthread_create(&threads[i], NULL, work_on, &agents[i]);
    }
    for (int i = 0; i < CROWD; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(agents[i].unexpected, ERR_NONE);
        written += agents[i].written;
        done += agents[i].done;
        refused += agents[i].refused;
    }
    check_links(k);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry"), written);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM (SELECT 1 FROM identity_link WHERE until_at IS NULL GROUP BY "
                                   "identity_id HAVING COUNT(*) <> 1) x"),
                     0);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation c LEFT JOIN identity_link l ON l.open_identity = "
                                   "c.opened_by WHERE l.id IS NULL"),
                     0);
    assert_true(done > 20);
    print_message("%d agents: %d operations done, %d refused, %d messages between them\n", CROWD, done, refused,
                  written);
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
    own.db = db_new(&r->k->config);
    own.arena = arena_new();
    struct act act = act_for(&own, &changes, &r->err);
    struct merging m = {.into = *r->into, .from = *r->from};
    r->done = act_merge(&act, &m) != NULL;
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

/* ---- single promises ---- */

static struct uuid person(struct kit *k, const char *value)
{
    kit_ingest(k, (struct intake *[]){kit_message(k, IDENTITY_EMAIL, value, value, "x")}, 1);
    return customer_of(k, value);
}

static struct operation *merge(struct kit *k, struct act *act, const struct uuid *from, const struct uuid *into,
                               const char *take)
{
    struct merging m = {.into = *into, .from = *from};
    if (take)
        *(const char **)list_grow(k->arena, &m.take, sizeof(char *)) = take;
    return act_merge(act, &m);
}

static void test_the_old_address_leads_on(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid people[3] = {person(k, "old0@example.com"), person(k, "old1@example.com"),
                             person(k, "old2@example.com")};
    for (int i = 0; i < 2; i++)
        assert_non_null(merge(k, &act, &people[i], &people[i + 1], NULL));
    changes_clear(&changes);
    struct list now = customer_successors(k->db, k->arena, customer_key(k->db, k->arena, &people[0]));
    assert_int_equal(now.n, 1);
    assert_true(uuid_equal(now.items, &people[2]));
}

static void test_undoing_gives_the_profile_back(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid mia = person(k, "mia@example.com"), m = person(k, "m@example.com");
    customer_update(k->db, k->arena, &mia, &(struct customer){.name = "Mia", .company = "", .tags = "[\"vip\"]"},
                    &BY_SYSTEM, 1);
    customer_update(k->db, k->arena, &m,
                    &(struct customer){
                        .name = "Mia Berg", .company = "Berg AB", .tags = "[\"b2b\"]", .attributes = "{\"size\":38}"},
                    &BY_SYSTEM, 1);
    struct operation *o = merge(k, &act, &m, &mia, "name");
    struct customer *both = customer_get(k->db, k->arena, &mia);
    assert_string_equal(both->name, "Mia Berg");
    assert_string_equal(both->company, "Berg AB");
    assert_string_equal(both->tags, "[\"vip\",\"b2b\"]");
    assert_string_equal(both->attributes, "{\"size\":38}");
    customer_update(k->db, k->arena, &mia, &(struct customer){.company = "Berg & Co"}, &BY_SYSTEM, 2);
    assert_non_null(act_undo(&act, &o->id, "", false));
    struct customer *again = customer_get(k->db, k->arena, &mia);
    assert_string_equal(again->name, "Mia");
    assert_string_equal(again->company, "Berg & Co"); /* changed since: stays */
    assert_string_equal(again->tags, "[\"vip\"]");
    assert_string_equal(again->attributes, "{}");
    assert_string_equal(customer_get(k->db, k->arena, &m)->name, "Mia Berg");
    changes_clear(&changes);
}

static void test_undoing_in_any_order_gives_the_profile_back(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid a = person(k, "pa@example.com"), b = person(k, "pb@example.com"), c = person(k, "pc@example.com");
    customer_update(k->db, k->arena, &a, &(struct customer){.tags = "[\"x\"]"}, &BY_SYSTEM, 1);
    customer_update(k->db, k->arena, &b,
                    &(struct customer){.name = "Mia", .tags = "[\"y\"]", .attributes = "{\"n\":1}"}, &BY_SYSTEM, 1);
    customer_update(k->db, k->arena, &c, &(struct customer){.name = "Carla", .tags = "[\"z\"]"}, &BY_SYSTEM, 1);
    struct operation *first = merge(k, &act, &b, &a, NULL), *second = merge(k, &act, &c, &a, "name");
    assert_non_null(first);
    assert_non_null(second);
    assert_string_equal(customer_get(k->db, k->arena, &a)->name, "Carla");
    assert_non_null(act_undo(&act, &first->id, "", false));
    struct customer *now = customer_get(k->db, k->arena, &a);
    assert_string_equal(now->name, "Carla");
    assert_string_equal(now->tags, "[\"x\",\"z\"]");
    assert_string_equal(now->attributes, "{}");
    assert_non_null(act_undo(&act, &second->id, "", false));
    now = customer_get(k->db, k->arena, &a);
    assert_string_equal(now->name, "");
    assert_string_equal(now->tags, "[\"x\"]");
    changes_clear(&changes);
}

static void test_undoing_the_end_of_a_share_shares_again(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid people[2] = {person(k, "anna@example.com"), person(k, "bo@example.com")},
                family = person(k, "family@example.com"), id;
    id = identity_by_value(k->db, k->arena, IDENTITY_EMAIL, 0, "family@example.com")->id;
    struct operation *share = act_share(&act, &id, people, 2, "the family's");
    assert_non_null(share);
    struct operation *end = act_unshare(&act, &id, &people[0], "hers after all");
    assert_non_null(end);
    assert_false(identity_by_id(k->db, k->arena, &id)->shared);
    assert_int_equal(customer_get(k->db, k->arena, &people[0])->shares.n, 0);
    assert_non_null(act_undo(&act, &end->id, "", false));
    assert_true(identity_by_id(k->db, k->arena, &id)->shared);
    assert_int_equal(customer_get(k->db, k->arena, &share->into_id)->shared_by.n, 2);
    assert_non_null(act_undo(&act, &share->id, "", false));
    assert_false(identity_by_id(k->db, k->arena, &id)->shared);
    assert_int_equal(customer_get(k->db, k->arena, &family)->identities.n, 1);
    changes_clear(&changes);
}

static void test_a_rule_does_not_move_what_an_agent_has_put(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    person(k, "shop@example.com");
    kit_ingest(k, (struct intake *[]){kit_message(k, IDENTITY_VISITOR, "v1", "v1", "hello")}, 1);
    struct uuid other = person(k, "else@example.com"), visitor = customer_of(k, "v1"),
                id = identity_by_value(k->db, k->arena, IDENTITY_VISITOR, 0, "v1")->id;
    assert_non_null(merge(k, &act, &visitor, &other, NULL));
    struct splitting s = {.customer = other, .identities = (struct uuid[]){id, id}, .n = 2};
    assert_non_null(act_split(&act, &s));
    struct uuid put = customer_of(k, "v1");
    struct intake *t = kit_message(k, IDENTITY_VISITOR, "v1", "v2", "signed");
    t->list.items[0].also[0] =
        (struct identity_ref){.kind = IDENTITY_EMAIL, .value = "shop@example.com", .proof = PROOF_PROVEN};
    t->list.items[0].n_also = 1;
    kit_ingest(k, &t, 1);
    struct uuid now = customer_of(k, "v1");
    assert_true(uuid_equal(&put, &now));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM claim"), 1);
    changes_clear(&changes);
}

static void test_who_is_said_not_to_be_the_same_is_not_merged(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid a = person(k, "a@example.com"), b = person(k, "b@example.com"), c = person(k, "c@example.com");
    struct distinction *d = act_distinguish(&act, &a, &b, "father and son");
    assert_non_null(d);
    assert_null(merge(k, &act, &a, &b, NULL));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_non_null(merge(k, &act, &b, &c, NULL)); /* nor by way of somebody else */
    assert_null(merge(k, &act, &a, &c, NULL));
    assert_non_null(act_withdraw(&act, &d->id));
    assert_non_null(merge(k, &act, &a, &c, NULL));
    changes_clear(&changes);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_random_histories),
        TEST(test_several_agents_at_once),
        TEST(test_opposite_merges_at_once),
        TEST(test_the_old_address_leads_on),
        TEST(test_undoing_gives_the_profile_back),
        TEST(test_undoing_in_any_order_gives_the_profile_back),
        TEST(test_undoing_the_end_of_a_share_shares_again),
        TEST(test_a_rule_does_not_move_what_an_agent_has_put),
        TEST(test_who_is_said_not_to_be_the_same_is_not_merged),
    };
    return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
