#include "channel/channel.h"
#include "channel/phone.h"

#include "base/crypto.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <strings.h>

#define WA_ID_DIGITS_MIN 5
#define WA_ID_DIGITS_MAX 20

/* "Name <a@b>" and "mailto:a@b" give a@b. */
static const char *bare_address(struct arena *a, const char *value)
{
    const char *open = strrchr(value, '<'), *close = open ? strchr(open, '>') : NULL;
    if (close)
        value = arena_strndup(a, open + 1, (size_t)(close - open - 1));
    value = text_trim(a, value);
    return strncmp(value, "mailto:", 7) == 0 ? value + 7 : value;
}

/* Whether it stands for itself in an address, without quotation marks. */
static bool stands_unquoted(const char *s)
{
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("<>,;()[]\"\\@", *p))
            return false;
    return s[0] != '\0';
}

static const char *quoted_local(struct arena *a, const char *content)
{
    AUTO_BUF struct buf out = {0};
    buf_putc(&out, '"');
    for (const char *p = content; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_putc(&out, '\\');
        buf_putc(&out, *p);
    }
    buf_putc(&out, '"');
    return arena_strdup(a, out.data);
}

/* RFC 5321 §4.1.2: what is quoted for no need is the same mailbox without. NULL: it is no local part. */
static const char *normal_local(struct arena *a, const char *local)
{
    AUTO_BUF struct buf content = {0};
    const char *p = local + 1;
    if (local[0] != '"')
        return stands_unquoted(local) ? local : NULL;
    for (; *p && *p != '"'; p++) {
        p += *p == '\\' && p[1];
        if ((unsigned char)*p < ' ' || strchr("\x7f<>", *p))
            return NULL;
        buf_putc(&content, *p);
    }
    if (*p != '"' || p[1] || !content.len)
        return NULL;
    bool needless = stands_unquoted(content.data) && content.data[0] != '.' && content.data[content.len - 1] != '.' &&
                    !strstr(content.data, "..");
    return needless ? arena_strdup(a, content.data) : quoted_local(a, content.data);
}

/* "[192.0.2.1]", "[ipv6:2001:db8::1]": RFC 5321 §4.1.3. */
static bool is_address_literal(const char *domain)
{
    unsigned char bytes[16];
    char text[INET6_ADDRSTRLEN + 8] = "";
    size_t n = strlen(domain);
    if (n < 2 || n - 2 >= sizeof(text) || domain[0] != '[' || domain[n - 1] != ']')
        return false;
    memcpy(text, domain + 1, n - 2);
    bool six = strncasecmp(text, "ipv6:", 5) == 0;
    return inet_pton(six ? AF_INET6 : AF_INET, six ? text + 5 : text, bytes) == 1;
}

static bool is_domain(const char *domain)
{
    if (domain[0] == '[')
        return is_address_literal(domain);
    return stands_unquoted(domain) && domain[0] != '.' && domain[0] != '-' && !strstr(domain, "..") &&
           domain[strlen(domain) - 1] != '.';
}

/* A mailbox of RFC 5321, loosely: it can be written to, or it is not one. */
static const char *normal_email(struct arena *a, const char *value, const char *country)
{
    (void)country;
    const char *address = text_lower_ascii(a, bare_address(a, value)), *at = strrchr(address, '@');
    if (!at || at == address || at - address > 64 || !is_domain(at + 1))
        return NULL;
    const char *local = normal_local(a, arena_strndup(a, address, (size_t)(at - address)));
    return local ? arena_printf(a, "%s%s", local, at) : NULL;
}

static const char *normal_phone(struct arena *a, const char *value, const char *country)
{
    char text[PHONE_TEXT_SIZE];
    return phone_normalise(value, country, text) ? arena_strdup(a, text) : NULL;
}

/* "US.13491208655302741918": what WhatsApp gives of somebody who keeps their number to themselves (business-scoped user
 * id: country code, period, at most 128 letters, digits and periods). */
static bool is_wa_user_id(const char *value)
{
    size_t n = strlen(value);
    if (n < 4 || n > 131 || !isupper((unsigned char)value[0]) || !isupper((unsigned char)value[1]) || value[2] != '.')
        return false;
    for (const char *p = value + 3; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '.')
            return false;
    return true;
}

static const char *normal_wa_id(struct arena *a, const char *value, const char *country)
{
    (void)country;
    const char *digits = text_trim(a, value);
    if (is_wa_user_id(digits))
        return digits;
    digits += digits[0] == '+';
    size_t n = strspn(digits, "0123456789");
    return digits[n] == '\0' && n >= WA_ID_DIGITS_MIN && n <= WA_ID_DIGITS_MAX ? digits : NULL;
}

static const char *normal_id(struct arena *a, const char *value, const char *country)
{
    (void)country;
    const char *text = text_trim(a, value);
    for (const char *p = text; *p; p++)
        if (iscntrl((unsigned char)*p))
            return NULL;
    return text;
}

static const char *(*const NORMAL[])(struct arena *a, const char *value, const char *country) = {
    [FORM_ID] = normal_id,
    [FORM_EMAIL] = normal_email,
    [FORM_PHONE] = normal_phone,
    [FORM_WHATSAPP] = normal_wa_id,
};

const char *identity_normalise(struct arena *a, enum identity_kind kind, const char *value, const char *country)
{
    const struct identity_kind_row *row = identity_kind_row((int)kind);
    if (!value || !row->kind || !utf8_valid(value, strlen(value)))
        return NULL;
    const char *normal = NORMAL[row->form](a, text_plain(a, value), country);
    return normal && normal[0] && strlen(normal) <= IDENTITY_VALUE_MAX ? normal : NULL;
}

static bool mailbox_takes(const char *mailbox, const char *address)
{
    const char *at = strrchr(mailbox, '@');
    size_t local = at ? (size_t)(at - mailbox) : 0;
    if (!local || strncasecmp(address, mailbox, local) != 0)
        return false;
    const char *rest = address + local;
    if (*rest == '+')
        rest += strcspn(rest, "@");
    return strcasecmp(rest, at) == 0;
}

struct list channel_addresses(struct arena *a, const struct channel_account *account)
{
    struct list ret = {0};
    if (!account->type->has_subject)
        return ret;
    char *all = arena_printf(a, "%s %s", channel_setting(account, "address"), channel_setting(account, "aliases"));
    char *save = NULL;
    for (char *one = strtok_r(all, " ,;\t\r\n", &save); one; one = strtok_r(NULL, " ,;\t\r\n", &save))
        *(const char **)list_grow(a, &ret, sizeof(const char *)) = one;
    return ret;
}

bool channel_takes(const struct channel_account *account, const char *address)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct list own = channel_addresses(a, account);
    for (size_t i = 0; i < own.n; i++)
        if (mailbox_takes(((const char **)own.items)[i], address))
            return true;
    return false;
}

static bool names_also(const struct inbound *item, enum identity_kind kind, const char *value)
{
    bool found = false;
    for (size_t i = 0; i < item->n_also; i++)
        found |= item->also[i].kind == kind && strcmp(item->also[i].value, value) == 0;
    return found;
}

static void add_phone_of(struct arena *a, struct inbound *item, const struct identity_ref *ref)
{
    const char *phone = ref->kind == IDENTITY_WHATSAPP && !strchr(ref->value, '.')
                            ? identity_normalise(a, IDENTITY_PHONE, arena_printf(a, "+%s", ref->value), NULL)
                            : NULL;
    if (phone && item->n_also < INBOUND_ALSO_MAX && !names_also(item, IDENTITY_PHONE, phone))
        item->also[item->n_also++] =
            (struct identity_ref){.kind = IDENTITY_PHONE, .value = phone, .name = ref->name, .proof = ref->proof};
}

void inbound_add_phones(struct arena *a, struct inbound *item)
{
    size_t named = item->n_also;
    add_phone_of(a, item, &item->from);
    for (size_t i = 0; i < named; i++)
        add_phone_of(a, item, &item->also[i]);
}

#define SPACE_BYTES 7 /* of the hash; above them a bit that no key of a channel reaches */

int64_t customer_space(const struct channel_account *account)
{
    const char *word = channel_setting(account, CUSTOMER_SPACE);
    uint8_t digest[SHA256_SIZE];
    int64_t space = 1;
    if (!word[0])
        return SPACE_OF_ACCOUNT;
    crypto_sha256(word, strlen(word), digest);
    for (size_t i = 0; i < SPACE_BYTES; i++)
        space = space << 8 | digest[i];
    return space;
}

struct identity_ref identity_ref_at(const struct channel_account *account, enum identity_kind kind, const char *value)
{
    struct identity_ref ref = {.kind = kind, .value = value};
    switch (identity_kind_row((int)kind)->space) {
    case SPACE_EVERYWHERE:
        break;
    case SPACE_ACCOUNT:
        ref.space = SPACE_OF_ACCOUNT;
        break;
    case SPACE_CUSTOMERS:
        ref.space = customer_space(account);
        if (ref.space != SPACE_OF_ACCOUNT)
            ref.kind = IDENTITY_SHOP_CUSTOMER;
        break;
    }
    return ref;
}

int64_t identity_scope_at(const struct channel_account *account, enum identity_kind kind)
{
    struct identity_ref ref = identity_ref_at(account, kind, "");
    return ref.space == SPACE_OF_ACCOUNT ? account->id : ref.space;
}

/* Customer numbers in a space that is named are of one kind. */
enum identity_kind channel_reaches(const struct channel_account *account)
{
    const struct channel_type *type = account->type;
    if (type->needs_to_send && !channel_setting(account, type->needs_to_send)[0])
        return IDENTITY_NONE;
    int kind = names_find(IDENTITY_KIND_NAMES, channel_setting(account, CHANNEL_REACHES));
    return type->needs_to_send && kind > IDENTITY_NONE ? identity_ref_at(account, (enum identity_kind)kind, "").kind
                                                       : type->reaches;
}
