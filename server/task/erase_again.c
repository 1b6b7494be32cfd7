#include "task/erase_again.h"

#include "base/clock.h"
#include "store/customer.h"
#include "store/erase.h"
#include "store/identity.h"
#include "store/operation.h"
#include "store/task.h"
#include "task/erase.h"
#include "task/erase_entries.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct again {
    const struct desk *desk;
    struct db *db;
    struct arena *a;
    struct error *err;
    struct list people;     /* struct uuid: as the file names them */
    struct list identities; /* int64_t */
    struct erase_again *ret;
};

static void add_identities(struct again *g, const char *json)
{
    struct json_object *keys = json_parse(json, strlen(json), NULL);
    for (size_t i = 0; i < json_length(keys); i++)
        *(int64_t *)list_grow(g->a, &g->identities, sizeof(int64_t)) =
            json_object_get_int64(json_object_array_get_idx(keys, i));
    json_object_put(keys);
}

static bool erase_entry_again(struct again *g, const struct uuid *id)
{
    struct changes changes = {0};
    struct act act = {.desk = g->desk,
                      .db = g->db,
                      .a = g->a,
                      .cause = cause_by(CAUSE_SYSTEM, 0),
                      .now = clock_now(),
                      .changes = &changes,
                      .err = g->err};
    struct list found = erase_find(g->db, g->a, id, 1);
    bool there = found.n && !((struct erasing *)found.items)->erased;
    bool fine = !there || erase_one(&act, id, "erased before the backup was restored");
    g->ret->entries += there && fine;
    changes_clear(&changes);
    return fine && db_failure(g->db) == DB_FINE;
}

/* "<time> <kind> <id> <list>": what has another form was cut off by a full disk. */
static bool take_line(struct again *g, const char *line)
{
    char kind[16], id[UUID_TEXT_SIZE + 1];
    int end = 0;
    struct uuid uuid;
    if (sscanf(line, "%*s %15s %37s %n", kind, id, &end) != 2 || !end || !uuid_parse_text(id, &uuid))
        return true;
    if (strcmp(kind, "entry") == 0)
        return erase_entry_again(g, &uuid);
    *(struct uuid *)list_grow(g->a, &g->people, sizeof(uuid)) = uuid;
    add_identities(g, line + end);
    return true;
}

static bool read_file(struct again *g)
{
    char *line = NULL;
    size_t size = 0;
    bool fine = true;
    FILE *file = fopen(g->desk->erasure_log, "re");
    if (!file)
        return errno == ENOENT ||
               error_english(g->err, ERR_INTERNAL, NULL, "%.200s cannot be read.", g->desk->erasure_log);
    while (fine && getline(&line, &size, file) > 0)
        fine = take_line(g, line);
    free(line);
    fclose(file);
    return fine || g->err->code != ERR_NONE || db_error(g->db, g->err);
}

static bool holds_identity(const struct list *ids, const struct uuid *id)
{
    for (size_t i = 0; i < ids->n; i++)
        if (uuid_equal((struct uuid *)ids->items + i, id))
            return true;
    return false;
}

/* All that is the person's now was somebody's who was erased. */
static bool is_all_erased(struct again *g, const struct customer *c)
{
    struct list own = link_identities(g->db, g->a, &c->key, 1);
    const int64_t *erased = g->identities.items, *keys = own.items;
    for (size_t i = 0; i < own.n; i++) {
        bool found = false;
        for (size_t k = 0; k < g->identities.n && !found; k++)
            found = erased[k] == keys[i];
        if (!found)
            return false;
    }
    return own.n > 0;
}

static void ask_to_erase(struct again *g, const struct customer *c)
{
    AUTO_BUF struct buf params = {0};
    struct erase_params p = {.customer_id = c->id, .reason = "erased before the backup was restored"};
    field_encode(&ERASE_PARAMS_SHAPE, &p, &params);
    struct task task = {.id = uuid_v7(clock_now()),
                        .kind = TASK_ERASE,
                        .title = "",
                        .params = arena_strndup(g->a, params.data, params.len),
                        .customer = c->key,
                        .created_at = clock_now()};
    task_insert(g->db, &task);
    g->ret->people++;
}

/* Who was erased, and who has an address of theirs here because they were joined after the backup. All of them or nobody: who is
 * told that it went wrong does it again. */
static bool erase_people_again(struct db *db, void *arg)
{
    struct again *g = arg;
    struct list all = g->people, asked = {0};
    g->ret->people = 0;
    g->ret->unsure = (struct list){0};
    for (size_t i = 0; i < g->identities.n; i++) {
        struct uuid owner = identity_customer(db, g->a, ((int64_t *)g->identities.items)[i]);
        if (!uuid_is_none(&owner))
            *(struct uuid *)list_grow(g->a, &all, sizeof(owner)) = owner;
    }
    for (size_t i = 0; i < all.n; i++) {
        const struct uuid *id = (struct uuid *)all.items + i;
        struct customer *c = holds_identity(&asked, id) ? NULL : customer_get(db, g->a, id);
        if (!c || c->erased_at)
            continue;
        *(struct uuid *)list_grow(g->a, &asked, sizeof(*id)) = *id;
        if (holds_identity(&g->people, id) || is_all_erased(g, c))
            ask_to_erase(g, c);
        else
            *(struct uuid *)list_grow(g->a, &g->ret->unsure, sizeof(*id)) = *id;
    }
    return true;
}

bool erase_log_again(const struct desk *desk, struct db *db, struct arena *a, struct erase_again *ret,
                     struct error *err)
{
    struct again g = {.desk = desk, .db = db, .a = a, .err = err, .ret = ret};
    *ret = (struct erase_again){0};
    return read_file(&g) && db_transact(db, erase_people_again, &g, err);
}
