#include "channel/mime_plain.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *mime_unflow(struct arena *a, const char *text, bool delsp)
{
    AUTO_BUF struct buf out = {0};
    size_t open = 0; /* depth of quoting of the line that goes on; SIZE_MAX: none */
    bool flowing = false;
    while (*text) {
        size_t n = 0, depth = 0;
        while (text[n] && text[n] != '\n')
            n++;
        while (text[depth] == '>')
            depth++;
        const char *line = text + depth, *next = text[n] ? text + n + 1 : text + n;
        size_t len = n - depth;
        if (len && line[0] == ' ') {
            line++;
            len--;
        }
        bool signature = len == 3 && memcmp(line, "-- ", 3) == 0;
        if (flowing && (depth != open || signature)) {
            buf_putc(&out, '\n');
            flowing = false;
        }
        for (size_t i = 0; !flowing && i < depth; i++)
            buf_putc(&out, '>');
        if (!flowing && depth && len)
            buf_putc(&out, ' ');
        bool soft = len && line[len - 1] == ' ' && !signature;
        buf_add(&out, line, soft && delsp ? len - 1 : len);
        flowing = soft;
        open = depth;
        if (!soft)
            buf_putc(&out, '\n');
        text = next;
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

/* ---- text/enriched -------------------------------------------------------------------------------------------------- */

struct rich_reader {
    int unfilled; /* <nofill> that are open: lines are as they stand */
    int params;   /* <param> that are open: what stands in them is not text */
};

static void note_command(struct rich_reader *r, const char *name, size_t n)
{
    const struct {
        const char *name;
        int *open;
    } rows[] = {{"nofill", &r->unfilled}, {"param", &r->params}};
    bool closes = n && name[0] == '/';
    name += closes;
    n -= closes;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (n == strlen(rows[i].name) && strncasecmp(name, rows[i].name, n) == 0 && (!closes || *rows[i].open))
            *rows[i].open += closes ? -1 : 1;
}

/* Of several line breaks one is a blank's; a single one is a blank. */
static size_t put_breaks(struct buf *out, const char *p, bool filled)
{
    size_t n = strspn(p, "\n");
    for (size_t i = filled ? 1 : 0; i < n; i++)
        buf_putc(out, '\n');
    if (filled && n == 1 && p[1])
        buf_putc(out, ' ');
    return n;
}

char *mime_unrich(struct arena *a, const char *text)
{
    AUTO_BUF struct buf out = {0};
    struct rich_reader r = {0};
    while (*text) {
        size_t n = *text == '<' && text[1] != '<' ? strcspn(text, ">") : 0;
        if (n && text[n]) {
            note_command(&r, text + 1, n - 1);
            text += n + 1;
        } else if (*text == '\n' && !r.params) {
            text += put_breaks(&out, text, !r.unfilled);
        } else {
            if (!r.params)
                buf_putc(&out, *text);
            text += *text == '<' && text[1] == '<' ? 2 : 1;
        }
    }
    if (out.len && out.data[out.len - 1] != '\n')
        buf_putc(&out, '\n');
    return arena_strndup(a, out.data ? out.data : "", out.len);
}
