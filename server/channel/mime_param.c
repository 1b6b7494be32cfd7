/* Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, 2231). By hand: what programs write is often out of the
 * grammar, and a file must keep its name all the same. */
#include "channel/mime.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/charset.h"

#include <ctype.h>
#include <strings.h>

#define BLANKS " \t"

/* A piece of a value: "filename*1*=…". */
struct param_piece {
    const char *value;
    bool encoded; /* with percent signs */
};

struct param {
    const char *name; /* wanted */
    const char *plain;
    struct param_piece pieces[MIME_PARAMS_MAX];
};

/* Behind the comment that begins at `p`; of one that is not closed, `p`. */
static const char *behind_comment(const char *p)
{
    int depth = 0;
    for (const char *q = p; *q; q++) {
        if (*q == '\\' && q[1])
            q++;
        else if (*q == '(')
            depth++;
        else if (*q == ')' && --depth == 0)
            return q + 1;
    }
    return p;
}

/* A quoted value. Only a quotation mark and a backslash are escaped: else it is a path of Windows. */
static const char *read_quoted(struct arena *a, const char **p)
{
    AUTO_BUF struct buf out = {0};
    const char *at = *p + 1;
    for (; *at && *at != '"'; at++) {
        if (*at == '\\' && (at[1] == '"' || at[1] == '\\') && at[2] && at[2] != ';')
            at++;
        buf_putc(&out, *at);
    }
    *p = *at ? at + 1 : at;
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

/* A value without quotation marks, or without the second one. Names of files have blanks. */
static const char *read_bare(struct arena *a, const char **p, bool with_blanks)
{
    size_t n = strcspn(*p, with_blanks ? ";" : ";" BLANKS);
    char *value = text_trim(a, arena_strndup(a, *p, n));
    *p += n;
    n = strlen(value);
    if (n > 1 && value[0] == '\'' && value[n - 1] == '\'')
        return arena_strndup(a, value + 1, n - 2);
    return value;
}

static const char *read_param_value(struct arena *a, const char **p, bool with_blanks)
{
    *p += strspn(*p, BLANKS);
    if (**p == '"' && strchr(*p + 1, '"'))
        return read_quoted(a, p);
    *p += **p == '"';
    return read_bare(a, p, with_blanks);
}

/* Which piece of the wanted value `name` is: "filename", "filename*", "filename*1", "filename*1*". */
static void keep_parameter(struct param *param, const char *name, const char *value)
{
    size_t n = strlen(param->name), i = 0;
    if (strncasecmp(name, param->name, n) != 0 || (name[n] && name[n] != '*'))
        return;
    if (!name[n]) {
        param->plain = param->plain ? param->plain : value;
        return;
    }
    const char *p = name + n + 1;
    for (; isdigit((unsigned char)*p) && i < MIME_PARAMS_MAX; p++)
        i = i * 10 + (size_t)(*p - '0');
    if (i < MIME_PARAMS_MAX && !param->pieces[i].value)
        param->pieces[i] = (struct param_piece){value, *p == '*' || p == name + n + 1};
}

static void read_params(struct arena *a, const char *p, struct param *param)
{
    bool no_comment = false; /* none of those that follow is closed */
    for (size_t count = 0; *p && count < MIME_PARAMS_MAX;) {
        p += strspn(p, ";," BLANKS);
        const char *after = *p == '(' && !no_comment ? behind_comment(p) : p;
        no_comment = no_comment || (*p == '(' && after == p);
        if (after != p) {
            p = after;
            continue;
        }
        size_t n = strcspn(p, "=:;" BLANKS);
        const char *name = arena_strndup(a, p, n);
        p += n + strspn(p + n, BLANKS);
        if ((*p != '=' && *p != ':') || !n) { /* a word that names nothing */
            p += !n && *p;
            continue;
        }
        p++;
        bool is_name = strncasecmp(name, "filename", 8) == 0 || strncasecmp(name, "name", 4) == 0;
        keep_parameter(param, name, read_param_value(a, &p, is_name));
        count++;
    }
}

/* ---- RFC 2231 ------------------------------------------------------------------------------------------------------- */

static void put_decoded(struct buf *out, const char *value)
{
    for (const char *p = value; *p; p++) {
        if (*p == '%' && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0) {
            buf_putc(out, (char)(hex_digit(p[1]) * 16 + hex_digit(p[2])));
            p += 2;
        } else {
            buf_putc(out, *p);
        }
    }
}

/* "charset'language'" before the first piece; moves *value behind it. */
static const char *charset_before(struct arena *a, const char **value)
{
    const char *first = strchr(*value, '\''), *second = first ? strchr(first + 1, '\'') : NULL;
    if (!second)
        return NULL;
    const char *charset = arena_strndup(a, *value, (size_t)(first - *value));
    *value = second + 1;
    return charset;
}

/* Pieces are cut anywhere, also within a character: they are joined before they are converted. */
static const char *joined_pieces(struct arena *a, const struct param *param)
{
    AUTO_BUF struct buf out = {0}, bytes = {0};
    const char *charset = NULL;
    bool any = false;
    for (size_t i = 0; i < MIME_PARAMS_MAX; i++) {
        const char *value = param->pieces[i].value;
        if (!value)
            continue;
        if (!any && param->pieces[i].encoded)
            charset = charset_before(a, &value);
        any = true;
        if (param->pieces[i].encoded) {
            put_decoded(&bytes, value);
            continue;
        }
        buf_puts(&out, charset_text(a, bytes.data ? bytes.data : "", bytes.len, charset, 0));
        buf_clear(&bytes);
        buf_puts(&out, value);
    }
    buf_puts(&out, charset_text(a, bytes.data ? bytes.data : "", bytes.len, charset, 0));
    return any ? arena_strndup(a, out.data ? out.data : "", out.len) : NULL;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------ */

/* Where parameters begin: at a semicolon, or at a blank where that was forgotten. */
static const char *params_of(const char *line)
{
    line += strspn(line, BLANKS);
    return line + strcspn(line, ";" BLANKS);
}

const char *mime_param(struct arena *a, const char *value, const char *name)
{
    struct param param = {.name = name};
    if (!value)
        return NULL;
    const char *line = mime_unfold(a, arena_strndup(a, value, strnlen(value, MIME_PARAMS_BYTES_MAX)));
    read_params(a, params_of(line), &param);
    const char *joined = joined_pieces(a, &param);
    const char *found = text_is_blank(joined) ? param.plain : joined;
    return found && strstr(found, "=?") ? mime_header_text(a, found) : found;
}
