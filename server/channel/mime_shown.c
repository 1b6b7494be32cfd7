/* Which files of a mail its text shows. */
#include "channel/mime.h"

#include "base/map.h"
#include "base/text.h"
#include "channel/attach.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

/* The Content-ID that a "cid:" URL at `p` names (RFC 2392), lower case. */
static void lower_cid(const char *p, char out[FILE_NAME_MAX + 1])
{
    size_t n = 0;
    for (; *p && n < FILE_NAME_MAX && !strchr("\"'<> )\t\n", *p); p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '%' && isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2])) {
            c = (unsigned char)strtoul((char[]){p[1], p[2], '\0'}, NULL, 16);
            p += 2;
        }
        out[n++] = (char)tolower(c);
    }
    out[n] = '\0';
}

/* A file that the text does not show is no part of it: it is listed. Apple marks every file as inline. */
void mime_list_files(struct mime_mail *mail, struct arena *a)
{
    struct map *shown = map_new(a);
    struct attachment *files = mail->attachments.items;
    size_t inlines = 0;
    for (size_t i = 0; i < mail->attachments.n; i++)
        inlines += files[i].is_inline && files[i].cid;
    const char *html = inlines && mail->html ? mail->html : "";
    const char *end = html + strlen(html);
    for (const char *p = html; (p = memchr(p, ':', (size_t)(end - p))) != NULL; p++) {
        if (p - html < 3 || strncasecmp(p - 3, "cid", 3) != 0)
            continue;
        char cid[FILE_NAME_MAX + 1]; /* of one file there may be a million */
        lower_cid(p + 1, cid);
        if (!map_get(shown, cid))
            map_put(shown, arena_strdup(a, cid), shown);
    }
    for (size_t i = 0; i < mail->attachments.n; i++)
        files[i].is_inline = files[i].is_inline && files[i].cid && map_get(shown, text_lower_ascii(a, files[i].cid));
}
