#include "desk/act/replay.h"

#include "desk/ground/blob.h"
#include "desk/ingest/input.h"
#include "store/journal.h"

static bool load_body(struct act *act, struct journal_full *full)
{
    if (full->sha256)
        full->body = blob_read(act->a, act->desk->blob_dir, full->sha256, &full->body_len);
    return full->body || error_set(act->err, "id", input_gone);
}

static void kept_headers_of(struct arena *a, const char *json, struct list *ret, const char **ret_content_type)
{
    struct json_object *headers = json_parse(json, strlen(json), NULL);
    *ret_content_type = "";
    if (!json_object_is_type(headers, json_type_object)) {
        json_object_put(headers);
        return;
    }
    json_object_object_foreach(headers, name, value) {
        struct web_header *h = list_grow(a, ret, sizeof(*h));
        *h =
            (struct web_header){.name = arena_strdup(a, name), .value = arena_strdup(a, json_object_get_string(value))};
        if (strcmp(name, "content-type") == 0)
            *ret_content_type = h->value;
    }
    json_object_put(headers);
}

static bool parse_kept(struct act *act, const struct channel_account *account, const struct journal_full *full,
                       struct intake *t)
{
    struct list headers = {0};
    const char *content_type;
    kept_headers_of(act->a, full->row.headers, &headers, &content_type);
    struct web_request request = {.method = full->row.method,
                                  .query = full->row.query,
                                  .content_type = content_type,
                                  .headers = headers.items,
                                  .n_headers = headers.n,
                                  .body = full->body,
                                  .body_len = full->body_len,
                                  .received_at = full->row.received_at};
    return input_parse(act->desk, account, &request, act->a, &t->list, act->err);
}

bool replay(struct act *act, const struct uuid *journal_id, int64_t *ret_entries)
{
    struct journal_full *full = journal_get(act->db, act->a, journal_id);
    if (!db_fine(act->db, act->err))
        return false;
    const struct channel_account *account = full ? accounts_find_key(act->accounts, full->row.channel_key) : NULL;
    if (!account || !account->type->parse)
        return error_set(act->err, "id", no_input);
    if (!load_body(act, full))
        return false;
    struct intake t = intake_by(account, full->row.received_at, cause_because(act->cause, CAUSE_RETRY, 0));
    t.journal_id = *journal_id;
    if (!parse_kept(act, account, full, &t))
        return false;
    struct intake *one[] = {&t};
    if (!intake_store_files(act->desk, act->a, &t, act->err))
        return false;
    ingest_run(act->desk, act->db, act->a, one, 1, act->changes);
    if (!t.done) {
        *act->err = t.err;
        return false;
    }
    journal_set(act->db, journal_id, t.list.problem ? JOURNAL_FAILED : JOURNAL_DONE, t.list.problem);
    *ret_entries = (int64_t)(t.created + t.changed);
    return db_fine(act->db, act->err);
}
