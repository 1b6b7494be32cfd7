/* timeline.html: one page for people, offline, without scripts, fit for printing. */
#include "task/export_page.h"
#include "base/clock.h"
#include "base/text.h"

#include "task/export_data.h"

#include <stdio.h>

enum word {
    W_TITLE,
    W_MADE,
    W_IDENTITIES,
    W_TIMELINE,
    W_ZONE,
    W_ERASED,
    W_FILES,
    W_NOT_HERE,
    W_UNCHECKED,
    W_INFECTED,
    W_NO_MAIL,
    W_MOVED,
    W_FROM_PERSON,
    W_TO_PERSON,
    W_INTERNAL,
    W_ORDER,
    W_COUNT_
};

static const char *const WORDS[2][W_COUNT_] = {
    {"Everything we keep about", "Made on", "Ways to reach you", "Timeline, newest first",
     "All times are of the time zone", "Erased", "Files", "kept by the provider, not here",
     "not checked for viruses yet, so not here", "holds a virus, so not here",
     "The mail as it came, which holds this, is not here either.", "Filed elsewhere", "from you", "to you", "internal",
     "Order"},
    {"保存しているすべての情報：", "作成日時", "連絡先", "タイムライン（新しい順）", "時刻のタイムゾーン：", "消去済み",
     "添付ファイル", "提供元に保存（この記録にはありません）",
     "ウイルスチェックが未完了のため、この記録には含まれません", "ウイルスが検出されたため、この記録には含まれません",
     "これを含む元のメールも、この記録には含まれません。", "別の場所に移動済み", "お客様から", "お客様へ", "社内",
     "注文"},
};

/* In the order of the enums. */
static const char *const KIND_WORDS[2][9] = {
    {"Message", "Note", "Call", "Order", "Points", "Visit", "Campaign", "Survey", "Activity"},
    {"メッセージ", "メモ", "通話", "注文", "ポイント", "来店・訪問", "キャンペーン", "アンケート", "対応履歴"},
};

static bool is_japanese(const struct export *x)
{
    return x->customer->language && strncmp(x->customer->language, "ja", 2) == 0;
}

static const char *word(const struct export *x, enum word w)
{
    return WORDS[is_japanese(x)][w];
}

static void raw(struct buf *out, const char *text)
{
    buf_puts(out, text);
}

static void escaped(struct buf *out, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '<')
            buf_puts(out, "&lt;");
        else if (*text == '>')
            buf_puts(out, "&gt;");
        else if (*text == '&')
            buf_puts(out, "&amp;");
        else if (*text == '"')
            buf_puts(out, "&quot;");
        else
            buf_putc(out, *text);
    }
}

static void element(struct buf *out, const char *tag, const char *class, const char *text)
{
    if (text_is_blank(text))
        return;
    buf_printf(out, "<%s class=\"%s\">", tag, class);
    escaped(out, text);
    buf_printf(out, "</%s>", tag);
}

static const char STYLE[] =
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;border-bottom:1px solid #ccc;margin-top:2rem}"
    "article{border-left:4px solid #999;padding:.2rem 0 .2rem .8rem;margin:.8rem 0;break-inside:avoid}"
    "article.in{border-color:#2563a8}article.out{border-color:#3a7d44}article.internal{border-color:#b58900}"
    ".meta{color:#555;font-size:.85rem}.subject{font-weight:600}.text{white-space:pre-wrap;overflow-wrap:anywhere;"
    "margin:.2rem 0}"
    "ul{margin:.2rem 0}@media print{body{margin:0;max-width:none;font-size:11pt}a{color:inherit}}</style>";

static void write_out(struct export *x, const struct buf *out)
{
    archive_file_write(x->zip, out->data, out->len);
}

static void begin_page(struct export *x)
{
    AUTO_BUF struct buf out = {0};
    char now[TIME_TEXT_SIZE];
    time_format(zone_wall(x->run->desk->zone, clock_now()), now);
    archive_file_begin(x->zip, "timeline.html", clock_now());
    buf_printf(&out, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">", is_japanese(x) ? "ja" : "en");
    raw(&out, "<meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" "
              "content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>");
    escaped(&out, word(x, W_TITLE));
    raw(&out, " ");
    escaped(&out, x->customer->name);
    raw(&out, "</title>");
    raw(&out, STYLE);
    raw(&out, "</head><body>\n<h1>");
    escaped(&out, word(x, W_TITLE));
    raw(&out, " ");
    escaped(&out, x->customer->name);
    buf_printf(&out, "</h1>\n<p class=\"meta\">%s %.16s. %s %s.</p>\n<h2>%s</h2>\n<ul>", word(x, W_MADE), now,
               word(x, W_ZONE), x->run->desk->zone->name, word(x, W_IDENTITIES));
    for (size_t i = 0; i < x->customer->identities.n; i++) {
        const struct identity *d = (struct identity *)x->customer->identities.items + i;
        buf_printf(&out, "<li>%s: ", IDENTITY_KIND_NAMES[d->kind]);
        escaped(&out, d->value);
        raw(&out, "</li>");
    }
    buf_printf(&out, "</ul>\n<h2>%s</h2>\n", word(x, W_TIMELINE));
    write_out(x, &out);
}

static void order_line(struct export *x, struct buf *out, const struct entry *e)
{
    struct json_object *o = e->payload ? json_parse(e->payload, strlen(e->payload), NULL) : NULL;
    static const char *const MEMBERS[] = {"number", "state", "total", "currency"};
    buf_printf(out, "<div class=\"subject\">%s", word(x, W_ORDER));
    for (size_t i = 0; i < COUNT_OF(MEMBERS); i++) {
        raw(out, " ");
        escaped(out, json_text(x->run->step, o, MEMBERS[i]));
    }
    raw(out, "</div><ul>");
    struct json_object *items = json_at(o, "items");
    for (size_t i = 0; i < json_length(items); i++) {
        struct json_object *item = json_object_array_get_idx(items, i);
        buf_printf(out, "<li>%lld × ", (long long)json_int(item, "quantity", 1));
        escaped(out, json_text(x->run->step, item, "name"));
        raw(out, "</li>");
    }
    raw(out, "</ul>");
    json_object_put(o);
}

/* A relative link; a name may hold any character. */
static void put_link(struct export *x, struct buf *out, const struct export_file *file)
{
    static const enum word WHY[] = {[FILE_WAITING] = W_UNCHECKED, [FILE_INFECTED] = W_INFECTED};
    if (!file->path) {
        raw(out, "<li>");
        escaped(out, file->name);
        buf_printf(out, " (%s)</li>", word(x, file->scan == FILE_CLEAN ? W_NOT_HERE : WHY[file->scan]));
        return;
    }
    raw(out, "<li><a href=\"");
    url_put(out, file->path, "/");
    raw(out, "\">");
    escaped(out, file->name ? file->name : file->path);
    raw(out, "</a></li>");
}

static void file_links(struct export *x, struct buf *out, const struct entry *e)
{
    struct list files = export_files(x, e);
    if (files.n == 0)
        return;
    buf_printf(out, "<div class=\"meta\">%s</div><ul>", word(x, W_FILES));
    for (size_t i = 0; i < files.n; i++)
        put_link(x, out, (struct export_file *)files.items + i);
    raw(out, "</ul>");
    element(out, "div", "meta", export_leaves_mail_out(e, &files) ? word(x, W_NO_MAIL) : NULL);
}

static void page_entry(struct export *x, const struct entry *e)
{
    static const enum word WHO[] = {W_FROM_PERSON, W_TO_PERSON, W_INTERNAL};
    AUTO_BUF struct buf out = {0};
    char at[TIME_TEXT_SIZE];
    time_format(zone_wall(x->run->desk->zone, e->occurred_at), at);
    if (strncmp(at, x->day, 10) != 0) {
        snprintf(x->day, sizeof(x->day), "%.10s", at);
        buf_printf(&out, "<h2>%s</h2>\n", x->day);
    }
    buf_printf(&out, "<article class=\"%s\"><div class=\"meta\">%.5s · %s · %s · %s", DIRECTION_NAMES[e->direction],
               at + 11, KIND_WORDS[is_japanese(x)][e->kind], MEDIUM_NAMES[e->medium], word(x, WHO[e->direction]));
    if (e->author_name) {
        raw(&out, " · ");
        escaped(&out, e->author_name);
    }
    raw(&out, "</div>");
    if (e->erased_at || e->moved_to)
        element(&out, "div", "meta", word(x, e->erased_at ? W_ERASED : W_MOVED));
    element(&out, "div", "subject", e->subject);
    if (e->kind == ENTRY_ORDER)
        order_line(x, &out, e);
    element(&out, "div", "text", e->text);
    file_links(x, &out, e);
    raw(&out, "</article>\n");
    write_out(x, &out);
}

static void end_page(struct export *x)
{
    static const char END[] = "</body></html>\n";
    archive_file_write(x->zip, END, sizeof(END) - 1);
}

const struct export_phase EXPORT_PAGE = {begin_page, page_entry, end_page, false};
