#include "channel/mail_thread.h"

#include "base/crypto.h"
#include "base/text.h"

#include <ctype.h>
#include <strings.h>

#define MARK "re-"
#define MARK_SIZE (sizeof(MARK) - 1)
#define HEX_SIZE 32
#define TOKEN_SIZE (MARK_SIZE + HEX_SIZE)
#define TOKEN_IN_SUBJECT_SIZE (TOKEN_SIZE + sizeof(" []") - 1)
#define LOCAL_PART_MAX 64 /* RFC 5321 §4.5.3.1.1 */

#define THREAD_INDEX_SIZE 22
#define THREAD_INDEX_TEXT_MAX 4096                /* some thousand answers deep */
#define FILETIME_EPOCH_MS 11644473600000LL        /* 1601 */
#define FILETIME_OF_MS(ms) ((uint64_t)(ms)*10000) /* 100 ns */

const char *const MAIL_TOKEN_NAMES[] = {"none", "address", "subject", NULL};
const struct setting_choice MAIL_CHOICES[] = {MAIL_TOKEN_CHOICE, {0}};

/* ---- Message-IDs ---------------------------------------------------------------------------------------------------- */

const char *mail_id_of(struct arena *a, const struct uuid *entry, const char *address)
{
    const char *at = strrchr(address, '@');
    char id[UUID_TEXT_SIZE];
    uuid_format(entry, id);
    return arena_printf(a, "<%s@%s>", id, at && at[1] ? at + 1 : "throughline.invalid");
}

struct uuid mail_entry_of(const char *message_id)
{
    char text[UUID_TEXT_SIZE] = "";
    struct uuid id = {{0}};
    if (message_id && strlen(message_id) > UUID_TEXT_SIZE && message_id[UUID_TEXT_SIZE] == '@')
        memcpy(text, message_id + 1, UUID_TEXT_SIZE - 1);
    return uuid_parse_text(text, &id) ? id : (struct uuid){{0}};
}

/* ---- tokens --------------------------------------------------------------------------------------------------------- */

static bool account_has(const struct channel_account *account, const char *where)
{
    return strcmp(channel_setting(account, "reply_token"), where) == 0;
}

static const char *token_of(struct arena *a, const struct uuid *entry)
{
    char hex[HEX_SIZE + 1];
    crypto_hex(entry->b, sizeof(entry->b), hex);
    return arena_printf(a, MARK "%s", hex);
}

const char *mail_reply_address(const struct channel_account *account, struct arena *a, const struct uuid *entry,
                               const char *address)
{
    const char *at = strrchr(address, '@');
    if (!at || !account_has(account, "address") || (size_t)(at - address) + 1 + TOKEN_SIZE > LOCAL_PART_MAX)
        return NULL;
    return arena_printf(a, "%.*s+%s%s", (int)(at - address), address, token_of(a, entry), at);
}

const char *mail_subject_with_token(const struct channel_account *account, struct arena *a, const struct uuid *entry,
                                    const char *subject)
{
    if (!account_has(account, "subject"))
        return subject;
    const char *cut = line_cut(a, subject, SUBJECT_MAX - TOKEN_IN_SUBJECT_SIZE);
    return arena_printf(a, "%s [%s]", cut ? cut : "", token_of(a, entry));
}

/* Whether a token of ours begins at `text`; `end` is what stands behind it. Programs that change an address write it in capitals. */
static bool token_at(const char *text, char end, struct uuid *ret)
{
    char hex[HEX_SIZE + 1] = "";
    if (strncasecmp(text, MARK, MARK_SIZE) != 0 || strlen(text) <= TOKEN_SIZE || text[TOKEN_SIZE] != end)
        return false;
    for (size_t i = 0; i < HEX_SIZE; i++)
        hex[i] = (char)tolower((unsigned char)text[MARK_SIZE + i]);
    return crypto_unhex(hex, ret->b, sizeof(ret->b)) && !uuid_is_none(ret);
}

static void add_entry_id(const struct channel_account *account, struct arena *a, const struct uuid *entry,
                         struct list *ret)
{
    *(const char **)list_grow(a, ret, sizeof(char *)) = mail_id_of(a, entry, channel_setting(account, "address"));
}

/* The address without its token, which is added to *named; NULL: it has none, or is not the account's. */
static const char *without_token(const struct channel_account *account, struct arena *a, const char *address,
                                 struct list *named)
{
    const char *at = address ? strrchr(address, '@') : NULL, *plus = address ? strchr(address, '+') : NULL;
    struct uuid entry;
    while (plus && plus < at && !token_at(plus + 1, '@', &entry))
        plus = strchr(plus + 1, '+');
    if (!plus || plus >= at || !channel_takes(account, text_lower_ascii(a, address)))
        return NULL;
    add_entry_id(account, a, &entry, named);
    return arena_printf(a, "%.*s%s", (int)(plus - address), address, at);
}

static void take_from_addresses(const struct channel_account *account, struct arena *a, struct list *addresses,
                                struct list *named)
{
    for (size_t i = 0; i < addresses->n; i++) {
        struct mime_address *one = (struct mime_address *)addresses->items + i;
        const char *bare = without_token(account, a, one->address, named);
        one->address = bare ? bare : one->address;
    }
}

static void take_from_texts(const struct channel_account *account, struct arena *a, struct list *texts,
                            struct list *named)
{
    const char **items = texts->items;
    for (size_t i = 0; i < texts->n; i++) {
        const char *bare = without_token(account, a, items[i], named);
        items[i] = bare ? bare : items[i];
    }
}

static const char *take_from_subject(const struct channel_account *account, struct arena *a, const char *subject,
                                     struct list *named)
{
    struct uuid entry;
    const char *open = subject ? strchr(subject, '[') : NULL;
    while (open && !token_at(open + 1, ']', &entry))
        open = strchr(open + 1, '[');
    if (!open)
        return subject;
    add_entry_id(account, a, &entry, named);
    return text_trim(a, arena_printf(a, "%.*s%s", (int)(open - subject), subject, open + TOKEN_SIZE + 2));
}

/* ---- Thread-Index --------------------------------------------------------------------------------------------------- */

const char *mail_thread_index(struct arena *a, const struct uuid *entry, int64_t at)
{
    uint8_t bytes[THREAD_INDEX_SIZE] = {1};
    uint64_t time = FILETIME_OF_MS(at + FILETIME_EPOCH_MS);
    for (int i = 0; i < 5; i++) /* its upper bits, but for the first eight, which are always the same */
        bytes[1 + i] = (uint8_t)(time >> (48 - 8 * i));
    memcpy(bytes + 6, entry->b, sizeof(entry->b));
    char *text = arena_alloc(a, (THREAD_INDEX_SIZE + 2) / 3 * 4 + 1);
    crypto_base64_encode(bytes, sizeof(bytes), text);
    return text;
}

static void take_thread_index(const struct channel_account *account, struct arena *a, const char *text,
                              struct list *named)
{
    struct uuid entry;
    size_t n = text ? strlen(text) : 0;
    if (n == 0 || n > THREAD_INDEX_TEXT_MAX)
        return;
    uint8_t *bytes = arena_alloc(a, n + 3);
    if (crypto_base64_decode(text, n, bytes) < THREAD_INDEX_SIZE || bytes[0] != 1)
        return;
    memcpy(entry.b, bytes + 6, sizeof(entry.b));
    if (!uuid_is_none(&entry))
        add_entry_id(account, a, &entry, named);
}

struct mail_named mail_take_tokens(const struct channel_account *account, struct mime_mail *mail, struct arena *a)
{
    struct mail_named ret = {.by_token = {0}};
    take_from_addresses(account, a, &mail->to, &ret.by_token);
    take_from_addresses(account, a, &mail->cc, &ret.by_token);
    take_from_texts(account, a, &mail->delivered_to, &ret.by_token);
    mail->subject = take_from_subject(account, a, mail->subject, &ret.by_token);
    take_thread_index(account, a, mail->thread_index, &ret.by_exchange);
    return ret;
}
