#include "desk/ground/account.h"

#include "base/clock.h"
#include "base/log.h"
#include "desk/ground/signers.h"
#include "store/channel.h"
#include "store/channel_kept.h"

#define TOKEN_BYTES_MAX 4000

static void put_settings_json(void *object)
{
    json_object_put(object);
}

static const struct setting *find_setting(const struct channel_type *type, const char *name)
{
    for (const struct setting *s = type->settings; s && s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

/* The secrets as an object; NULL: they were sealed with another key. */
static struct json_object *unseal(const struct desk *desk, struct arena *a, const struct channel_row *row)
{
    if (row->sealed.len <= SEAL_OVERHEAD)
        return json_object_new_object();
    size_t n = row->sealed.len - SEAL_OVERHEAD;
    char *plain = arena_alloc(a, n + 1);
    if (!crypto_unseal(desk->secret_key, (const uint8_t *)row->sealed.data, row->sealed.len, plain))
        return NULL;
    return json_parse(plain, n, NULL);
}

static void merge_settings(struct json_object *into, struct json_object *from)
{
    json_object_object_foreach(from, name, value) {
        json_object_object_add(into, name, json_object_get(value));
    }
}

static const char *webhook_url(const struct desk *desk, struct arena *a, const struct channel_type *type,
                               const struct uuid *id)
{
    char text[UUID_TEXT_SIZE];
    uuid_format(id, text);
    return arena_printf(a, "%s/in/%s/%s", desk->public_url, type->name, text);
}

const char *account_redirect_url(const struct desk *desk, struct arena *a)
{
    return arena_printf(a, "%s" OAUTH_CALLBACK_PATH, desk->public_url);
}

struct channel_account *account_open(const struct desk *desk, struct arena *a, const struct channel_row *row)
{
    const struct channel_type *type = channel_type_find(row->type);
    struct json_object *secrets = unseal(desk, a, row), *plain = json_parse(row->settings, strlen(row->settings), NULL);
    if (!type || !secrets || !plain) {
        log_error("channel cannot be used name=%s type=%s reason=%s", log_quoted(row->name), row->type,
                  log_quoted(!type ? "unknown type" : "its secrets were sealed with another key"));
        json_object_put(secrets);
        json_object_put(plain);
        return NULL;
    }
    struct json_object *all = json_object_new_object();
    for (const struct setting *s = type->settings; s && s->name; s++)
        if (s->standard)
            json_object_object_add(all, s->name, json_object_new_string(s->standard));
    merge_settings(all, plain);
    merge_settings(all, secrets);
    json_object_put(secrets);
    json_object_put(plain);
    arena_on_free(a, put_settings_json, all);
    struct channel_account *account = arena_alloc(a, sizeof(*account));
    *account = (struct channel_account){
        .id = row->key,
        .uuid = row->id,
        .type = type,
        .name = arena_strdup(a, row->name),
        .active = row->active,
        .readers = (enum role)row->readers,
        .settings = all,
        .webhook_url = webhook_url(desk, a, type, &row->id),
    };
    return account;
}

static void add_kept(struct accounts *accounts, const struct channel_kept_row *row)
{
    struct channel_account *items = accounts->items.items;
    for (size_t i = 0; i < accounts->items.n; i++)
        if (items[i].id == row->channel)
            *(struct kept *)list_grow(accounts->arena, &items[i].kept, sizeof(struct kept)) =
                (struct kept){row->name, row->value, row->until};
}

struct accounts *accounts_load(const struct desk *desk, struct db *db)
{
    struct accounts *accounts = mem_alloc(sizeof(*accounts));
    accounts->references = 1;
    accounts->arena = arena_new();
    accounts->generation = channel_generation(db, accounts->arena);
    struct list rows = channel_list(db, accounts->arena, false);
    for (size_t i = 0; i < rows.n; i++) {
        struct channel_account *one = account_open(desk, accounts->arena, (struct channel_row *)rows.items + i);
        if (one)
            *(struct channel_account *)list_grow(accounts->arena, &accounts->items, sizeof(*one)) = *one;
    }
    accounts->signers = signers_load(db);
    struct list kept = channel_kept_list(db, accounts->arena, clock_now());
    for (size_t i = 0; i < kept.n; i++)
        add_kept(accounts, (struct channel_kept_row *)kept.items + i);
    if (db_failure(db) == DB_FINE)
        return accounts;
    accounts_unref(accounts);
    return NULL;
}

struct accounts *accounts_ref(struct accounts *a)
{
    atomic_fetch_add(&a->references, 1);
    return a;
}

void accounts_unref(struct accounts *a)
{
    if (!a || atomic_fetch_sub(&a->references, 1) != 1)
        return;
    known_signers_unref(a->signers);
    arena_free(a->arena);
    free(a);
}

const struct channel_account *accounts_find(const struct accounts *a, const struct uuid *id)
{
    const struct channel_account *items = a->items.items;
    for (size_t i = 0; i < a->items.n; i++)
        if (uuid_equal(&items[i].uuid, id))
            return &items[i];
    return NULL;
}

const struct channel_account *accounts_find_key(const struct accounts *a, int64_t key)
{
    const struct channel_account *items = a->items.items;
    for (size_t i = 0; i < a->items.n; i++)
        if (items[i].id == key)
            return &items[i];
    return NULL;
}

/* ---- configuring ---- */

#define WORD_LENGTH_MAX 40

/* Compared byte by byte, so there is one way of writing it. */
static bool is_setting_word(const char *value)
{
    size_t n = strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    return n <= WORD_LENGTH_MAX && value[n] == '\0';
}

static const char *names_joined(struct arena *a, const char *const *names)
{
    const char *all = names[0];
    for (const char *const *n = names + 1; *n; n++)
        all = arena_printf(a, "%s, %s", all, *n);
    return all;
}

/* What such a setting may be; NULL: anything. The first medium and kind of identity are none. */
static const char *const *setting_words(const struct channel_type *type, const struct setting *s)
{
    switch (s->kind) {
    case SETTING_MEDIUM:
        return MEDIUM_NAMES + 1;
    case SETTING_IDENTITY:
        return IDENTITY_KIND_NAMES + 1;
    case SETTING_CHOICE:
        return channel_choice(type, s->name);
    default:
        return NULL;
    }
}

static bool value_fits(const struct channel_type *type, const struct setting *s, struct arena *a, const char *value,
                       struct error *err)
{
    if (strlen(value) > TOKEN_BYTES_MAX)
        return error_set(err, s->name, setting_long, type->name, s->name, TOKEN_BYTES_MAX);
    if (s->kind == SETTING_URL && value[0] && !strstr(value, "://"))
        return error_set(err, s->name, setting_url, type->name, s->name);
    if (s->kind == SETTING_EMAIL && value[0] && !identity_normalise(a, IDENTITY_EMAIL, value, NULL))
        return error_set(err, s->name, setting_email, type->name, s->name);
    if (s->kind == SETTING_DATE && value[0] && !date_parse(value, &(int64_t){0}))
        return error_set(err, s->name, setting_date, type->name, s->name);
    if (s->kind == SETTING_WORD && !is_setting_word(value))
        return error_set(err, s->name, setting_word, type->name, s->name, WORD_LENGTH_MAX);
    const char *const *names = setting_words(type, s);
    if (names && value[0] && names_find(names, value) < 0)
        return error_set(err, s->name, one_of, s->name, names_joined(a, names));
    if ((s->kind == SETTING_SIGNATURE && !signature_fits(a, s->name, value, err)) ||
        (s->kind == SETTING_SENDERS && !senders_fit(a, s->name, value, err)))
        return false;
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c < 0x20 && *c != '\n')
            return error_set(err, s->name, setting_control, type->name, s->name);
    return true;
}

static bool apply_given(const struct channel_type *type, struct arena *a, struct json_object *given,
                        struct json_object *plain, struct json_object *secrets, struct error *err)
{
    json_object_object_foreach(given, name, value) {
        const struct setting *s = find_setting(type, name);
        if (!s)
            return error_set(err, "settings", no_setting, type->name, name);
        struct json_object *into = s->kind == SETTING_SECRET ? secrets : plain;
        if (!value) {
            json_object_object_del(into, s->name);
            continue;
        }
        enum json_type t = json_object_get_type(value);
        if (t != json_type_string && t != json_type_boolean && t != json_type_int)
            return error_set(err, s->name, setting_text, type->name, s->name);
        const char *text = json_object_get_string(value);
        if (!value_fits(type, s, a, text, err))
            return false;
        json_object_object_add(into, s->name, json_object_new_string(text));
    }
    return true;
}

static bool is_set(struct json_object *object, const char *name)
{
    struct json_object *v;
    return json_object_object_get_ex(object, name, &v) && json_object_get_string_len(v) > 0;
}

static bool complete(const struct channel_type *type, struct json_object *plain, struct json_object *secrets,
                     struct json_object *generated, struct error *err)
{
    for (const struct setting *s = type->settings; s && s->name; s++) {
        struct json_object *in = s->kind == SETTING_SECRET ? secrets : plain;
        if (is_set(in, s->name))
            continue;
        if (s->flags & SETTING_GENERATED) {
            char token[TOKEN_TEXT_SIZE];
            crypto_token(token);
            json_object_object_add(in, s->name, json_object_new_string(token));
            json_object_object_add(generated, s->name, json_object_new_string(token));
        } else if ((s->flags & SETTING_REQUIRED) && !s->standard) {
            return error_set(err, s->name, setting_missing, type->name, s->name);
        }
    }
    return true;
}

static void seal(const struct desk *desk, struct arena *a, struct json_object *secrets, struct channel_row *row)
{
    size_t n;
    const char *text = json_object_to_json_string_length(secrets, JSON_C_TO_STRING_PLAIN, &n);
    row->sealed.data = arena_alloc(a, n + SEAL_OVERHEAD);
    row->sealed.len = n + SEAL_OVERHEAD;
    crypto_seal(desk->secret_key, text, n, (uint8_t *)row->sealed.data);
}

bool account_configure(const struct desk *desk, struct arena *a, const struct channel_type *type,
                       struct channel_row *row, const char *settings_json, const char **ret_generated,
                       struct error *err)
{
    const char *given_text = settings_json ? settings_json : "{}", *plain_text = row->settings ? row->settings : "{}";
    struct json_object *given = json_parse(given_text, strlen(given_text), err);
    struct json_object *plain = json_parse(plain_text, strlen(plain_text), NULL), *secrets = unseal(desk, a, row);
    struct json_object *generated = json_object_new_object();
    bool fine = given && json_object_is_type(given, json_type_object);
    if (!fine)
        error_set(err, "settings", wrong_type, "settings", "an object");
    if (!secrets) /* sealed with a key that is gone: they must be given again */
        secrets = json_object_new_object();
    fine = fine && apply_given(type, a, given, plain, secrets, err) && complete(type, plain, secrets, generated, err);
    if (fine) {
        row->settings = arena_strdup(a, json_object_to_json_string_ext(plain, JSON_C_TO_STRING_PLAIN));
        *ret_generated = arena_strdup(a, json_object_to_json_string_ext(generated, JSON_C_TO_STRING_PLAIN));
        seal(desk, a, secrets, row);
    }
    json_object_put(given);
    json_object_put(plain);
    json_object_put(secrets);
    json_object_put(generated);
    return fine;
}

bool account_rotate(const struct desk *desk, struct arena *a, const struct channel_type *type, struct channel_row *row,
                    const char *name, const char **ret_generated, struct error *err)
{
    const char *before = arena_printf(a, "%s_previous", name);
    const struct setting *s = find_setting(type, name);
    if (!s || !(s->flags & SETTING_GENERATED) || !find_setting(type, before))
        return error_set(err, "setting", no_secret, type->name, name);
    struct json_object *secrets = unseal(desk, a, row), *had;
    if (!secrets)
        return error_set(err, "setting", sealed_otherwise);
    char token[TOKEN_TEXT_SIZE];
    crypto_token(token);
    if (json_object_object_get_ex(secrets, name, &had))
        json_object_object_add(secrets, before, json_object_get(had));
    json_object_object_add(secrets, name, json_object_new_string(token));
    seal(desk, a, secrets, row);
    json_object_put(secrets);
    *ret_generated = arena_printf(a, "{\"%s\":\"%s\"}", name, token);
    return true;
}

#define SECRET_WARNED_MS (30 * DAY_MS)

static void add_warning(struct arena *a, struct channel_row *row, bool is, const char *word)
{
    if (is)
        *(const char **)list_grow(a, &row->warnings, sizeof(char *)) = word;
}

/* What works and should be changed. */
static void add_warnings(struct arena *a, struct json_object *plain, struct channel_row *row)
{
    const char *ends = json_text(a, plain, OAUTH_SECRET_ENDS);
    int64_t ends_at = 0, now = clock_now();
    bool told = ends && date_parse(ends, &ends_at);
    add_warning(a, row, is_set(plain, "plain_signatures_until"), "plain_signatures");
    add_warning(a, row, told && ends_at > now && ends_at < now + SECRET_WARNED_MS, "secret_ends");
    add_warning(a, row, told && ends_at <= now, "secret_ended");
}

void account_describe(const struct desk *desk, struct arena *a, struct channel_row *row)
{
    const struct channel_type *type = channel_type_find(row->type);
    struct json_object *plain = json_parse(row->settings, strlen(row->settings), NULL);
    const struct channel_account account = {.type = type, .settings = plain};
    row->medium = type ? (int)channel_medium(&account) : MEDIUM_OTHER;
    row->sign_in = type ? (int)channel_signs_in(&account) : OAUTH_BY_NOBODY;
    row->addresses = type ? channel_addresses(a, &account) : (struct list){0};
    if (type && type->verify)
        row->webhook_url = webhook_url(desk, a, type, &row->id);
    struct json_object *secrets = unseal(desk, a, row);
    for (const struct setting *s = type ? type->settings : NULL; secrets && s && s->name; s++)
        if (s->kind == SETTING_SECRET && is_set(secrets, s->name))
            *(const char **)list_grow(a, &row->secrets_set, sizeof(char *)) = s->name;
    json_object_put(secrets);
    add_warnings(a, plain, row);
    json_object_put(plain);
    if (!type)
        row->problem = said(a, channel_type_unknown);
}
