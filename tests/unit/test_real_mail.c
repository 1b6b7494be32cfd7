/* Mail as people and programs really send it: each tests/data/mail/NAME.eml with what must be read in it in NAME.json. */
#include "arena_kit.h"
#include "channel_kit.h"

#include "base/clock.h"

#include <dirent.h>
#include <stdio.h>

#define FOLDER SOURCE_DIR "/tests/data/mail"

static struct json_object *text_or_null(const char *text)
{
    return text ? json_object_new_string(text) : NULL;
}

static struct json_object *names_of(const struct list *files, bool is_inline)
{
    struct json_object *names = json_object_new_array();
    for (size_t i = 0; i < files->n; i++) {
        const struct attachment *file = (const struct attachment *)files->items + i;
        if (file->is_inline == is_inline)
            json_object_array_add(names, json_object_new_string(file->name));
    }
    return names;
}

static struct json_object *contents_of(const struct list *files)
{
    struct json_object *contents = json_object_new_array();
    for (size_t i = 0; i < files->n; i++) {
        const struct attachment *file = (const struct attachment *)files->items + i;
        json_object_array_add(contents, json_object_new_string_len(file->data ? file->data : "", (int)file->size));
    }
    return contents;
}

static struct json_object *references_of(const struct inbound *item)
{
    struct json_object *ids = json_object_new_array();
    for (size_t i = 0; i < item->references.n; i++)
        json_object_array_add(ids, json_object_new_string(((const char **)item->references.items)[i]));
    return ids;
}

/* All that a case may speak of. */
static struct json_object *reading_of(const struct inbound *item)
{
    struct json_object *o = json_object_new_object();
    char at[TIME_TEXT_SIZE];
    struct error err = {0};
    struct json_object *payload = json_parse(item->payload, strlen(item->payload), &err);
    time_format(item->occurred_at, at);
    json_object_object_add(o, "address", text_or_null(item->from.kind == IDENTITY_EMAIL ? item->from.value : NULL));
    json_object_object_add(o, "name", text_or_null(item->from.name));
    json_object_object_add(o, "id", text_or_null(item->external_id));
    json_object_object_add(o, "at", json_object_new_string(at));
    json_object_object_add(o, "subject", text_or_null(item->subject));
    json_object_object_add(o, "text", text_or_null(item->text));
    json_object_object_add(o, "html", text_or_null(item->html));
    json_object_object_add(o, "references", references_of(item));
    json_object_object_add(o, "files", names_of(&item->attachments, false));
    json_object_object_add(o, "shown", names_of(&item->attachments, true));
    json_object_object_add(o, "contents", contents_of(&item->attachments));
    json_object_object_add(o, "to", json_object_get(json_at(payload, "to")));
    json_object_object_add(o, "date_claimed", json_object_get(json_at(payload, "date_claimed")));
    json_object_object_add(o, "secure", json_object_get(json_at(payload, "secure")));
    json_object_object_add(o, "calendar", json_object_get(json_at(payload, "calendar")));
    json_object_put(payload);
    return o;
}

static bool is_as_expected(const char *name, struct json_object *expected, struct json_object *found)
{
    bool same = true;
    json_object_object_foreach(expected, member, value) {
        struct json_object *is = json_object_object_get(found, member);
        if (json_object_equal(is, value))
            continue;
        print_error("%s: %s\n  is        %s\n  should be %s\n", name, member,
                    json_object_to_json_string_ext(is, JSON_C_TO_STRING_PLAIN),
                    json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN));
        same = false;
    }
    return same;
}

static bool reads_well(const char *name)
{
    size_t n;
    struct error err = {0};
    struct channel_account *account = test_account(arena, &CHANNEL_EMAIL, "{\"address\":\"help@shop.example\"}");
    const char *raw = test_data(arena, arena_printf(arena, "../../data/mail/%s.eml", name), &n);
    struct web_request request = test_post(arena, raw, n, NULL);
    struct inbound_list list = test_parse(arena, account, &request);
    assert_int_equal(list.n, 1);
    raw = test_data(arena, arena_printf(arena, "../../data/mail/%s.json", name), &n);
    struct json_object *expected = json_parse(raw, n, &err), *found = reading_of(&list.items[0]);
    assert_non_null(expected);
    bool same = is_as_expected(name, expected, found);
    json_object_put(expected);
    json_object_put(found);
    return same;
}

static void test_each_mail(void **state)
{
    (void)state;
    struct dirent **entries;
    int n = scandir(FOLDER, &entries, NULL, alphasort), wrong = 0, mails = 0;
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        char *ending = strstr(entries[i]->d_name, ".eml");
        if (ending) {
            *ending = '\0';
            mails++;
            wrong += !reads_well(entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    assert_true(mails > 200);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_mail, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("real_mail", tests, NULL, NULL);
}
