#include "channel/mime_signed.h"

#include "channel/mime_body.h"
#include "channel/mime_secure.h"

#include <ctype.h>

#define ENCODING_MAX 100
#define ARMOUR_FIELD_MAX 100

static const char TEXT_BEGIN[] = "-----BEGIN PGP SIGNED MESSAGE-----", TEXT_END[] = "-----END PGP SIGNATURE-----";

static const struct mime_part *part_of(const struct mime_tree *tree, size_t i)
{
    return (const struct mime_part *)tree->parts.items + i;
}

static struct mime_bytes decoded(struct arena *a, const struct mime_part *part, bool is_text)
{
    size_t n = part->encoding.n < ENCODING_MAX ? part->encoding.n : ENCODING_MAX;
    return mime_body(a, part->encoding.at ? arena_strndup(a, part->encoding.at, n) : NULL, part->body, is_text);
}

/* ---- beside its signature ------------------------------------------------------------------------------------------- */

static bool is_type_of_signature(const char *type, bool pgp)
{
    return pgp ? strcmp(type, "application/pgp-signature") == 0
               : strcmp(type, "application/pkcs7-signature") == 0 || strcmp(type, "application/x-pkcs7-signature") == 0;
}

/* What stands before the boundary line above `next`: the line break before that line is the boundary's (RFC 2046 §5.1.1). */
static struct mime_bytes up_to_boundary(const char *begin, const char *next)
{
    const char *stop = next > begin ? next - 1 : begin;
    while (stop > begin && stop[-1] != '\n')
        stop--;
    stop -= stop > begin;
    stop -= stop > begin && stop[-1] == '\r';
    return (struct mime_bytes){begin, (size_t)(stop - begin)};
}

/* Two parts: what is signed, with all that is in it, and the signature. */
static void find_beside(struct arena *a, const struct mime_tree *tree, bool pgp, struct mime_signed *ret)
{
    size_t last = tree->parts.n > 2 ? part_of(tree, 1)->end : 0;
    const struct mime_part *signature = last && last + 1 == tree->parts.n ? part_of(tree, last) : NULL;
    if (!signature || signature->parent != 0 || !is_type_of_signature(signature->type, pgp))
        return;
    struct mime_bytes bytes = decoded(a, signature, pgp);
    if (bytes.n && bytes.n <= SIGNATURE_BYTES_MAX)
        *ret = (struct mime_signed){.how = pgp ? SIGNED_PGP : SIGNED_SMIME,
                                    .content = up_to_boundary(part_of(tree, 1)->begin, signature->begin),
                                    .signature = bytes};
}

/* ---- around, and in the text ---------------------------------------------------------------------------------------- */

static void find_around(const struct mime_part *part, struct mime_bytes whole, struct mime_signed *ret)
{
    if (strstr(part->type, "pkcs7-mime") && whole.n)
        *ret = (struct mime_signed){.how = SIGNED_SMIME_AROUND, .signature = whole};
}

static bool begins_with_text(struct mime_bytes bytes, const char *text)
{
    size_t n = strlen(text);
    return bytes.n >= n && memcmp(bytes.at, text, n) == 0;
}

static struct mime_bytes behind_line(struct mime_bytes bytes)
{
    const char *stop = bytes.n ? memchr(bytes.at, '\n', bytes.n) : NULL;
    size_t n = stop ? (size_t)(stop + 1 - bytes.at) : bytes.n;
    return (struct mime_bytes){bytes.at + n, bytes.n - n};
}

/* Before the words the names of hashes may stand and nothing else: no signature covers it. */
static bool has_hashes_alone(struct mime_bytes bytes)
{
    for (bytes = behind_line(bytes); begins_with_text(bytes, "Hash:"); bytes = behind_line(bytes)) {
        struct mime_bytes next = behind_line(bytes);
        size_t n = (size_t)(next.at - bytes.at);
        for (size_t i = strlen("Hash:"); i < n; i++)
            if (!isalnum((unsigned char)bytes.at[i]) && !strchr(", -/\r\n", bytes.at[i]))
                return false;
        if (n > ARMOUR_FIELD_MAX)
            return false;
    }
    struct mime_bytes next = behind_line(bytes);
    return mime_is_blank((struct mime_bytes){bytes.at, (size_t)(next.at - bytes.at)});
}

static void find_in_text(struct mime_bytes text, struct mime_signed *ret)
{
    while (text.n && isspace((unsigned char)*text.at))
        text = (struct mime_bytes){text.at + 1, text.n - 1};
    const char *stop = text.n ? memmem(text.at, text.n, TEXT_END, sizeof(TEXT_END) - 1) : NULL;
    if (!begins_with_text(text, TEXT_BEGIN) || !stop || stop[-1] != '\n' || !has_hashes_alone(text))
        return;
    size_t n = (size_t)(stop - text.at) + sizeof(TEXT_END) - 1;
    if (mime_is_blank((struct mime_bytes){text.at + n, text.n - n}))
        *ret = (struct mime_signed){.how = SIGNED_PGP_TEXT, .signature = {text.at, n}};
}

void mime_signed_find(struct arena *a, const struct mime_tree *tree, int secure, struct mime_bytes whole,
                      struct mime_signed *ret)
{
    const struct mime_part *first = part_of(tree, 0);
    if (secure != SMIME_SIGNED && secure != PGP_SIGNED)
        return;
    if (strcmp(first->type, "multipart/signed") == 0)
        find_beside(a, tree, secure == PGP_SIGNED, ret);
    else if (first->end == 1 && secure == SMIME_SIGNED)
        find_around(first, whole, ret);
    else if (first->end == 1 && strcmp(first->type, "text/plain") == 0)
        find_in_text(whole, ret);
}

/* ---- lines ---------------------------------------------------------------------------------------------------------- */

static size_t count_bare(struct mime_bytes bytes)
{
    size_t bare = 0;
    const char *end = bytes.at + bytes.n;
    for (const char *p = bytes.at; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
        bare += p == bytes.at || p[-1] != '\r';
    return bare;
}

struct mime_bytes mime_signed_lines(struct arena *a, struct mime_bytes bytes)
{
    size_t bare = count_bare(bytes), n = 0;
    if (!bare)
        return bytes;
    char *copy = arena_alloc(a, bytes.n + bare);
    for (size_t i = 0; i < bytes.n; i++) {
        if (bytes.at[i] == '\n' && (i == 0 || bytes.at[i - 1] != '\r'))
            copy[n++] = '\r';
        copy[n++] = bytes.at[i];
    }
    return (struct mime_bytes){copy, n};
}
