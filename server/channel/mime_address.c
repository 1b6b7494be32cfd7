/* Addresses of a header (RFC 5322 §3.4), also where nobody kept to the grammar: what stands in angle brackets and has an "@" is an
 * address, and the words before it are its name, whatever they hold; without brackets it is the word with the "@". One pass; nothing goes
 * into itself. */
#include "base/buf.h"
#include "base/text.h"
#include "channel/kit.h"
#include "channel/mime_words.h"

#include <ctype.h>
#include <strings.h>

/* Around comments within the words that are gathered; clean text has no control characters. */
#define COMMENT_BEGIN '\x03'
#define COMMENT_END '\x04'
#define HARD_BLANK '\x05' /* in a local part: it does not part words */

struct address_reader {
    struct arena *arena;
    const struct mime_words *hidden;
    const char *at;
    const char *last_semicolon;             /* of the header, or NULL */
    bool no_quote, no_comment, no_brackets; /* no closed one follows */
    bool complete;                          /* the item at hand has its address */
    struct buf words;                       /* of the item at hand: its name, perhaps its address */
    size_t looked;                          /* so many bytes of them stood before a comma and hold no address */
    struct mime_address *items;
    size_t n;
};

/* ---- items ---------------------------------------------------------------------------------------------------------- */

/* A comment is a part of a name, or all there is of it. */
static const char *mailbox_name(const struct address_reader *r, const char *words)
{
    bool outside = true, any = false;
    AUTO_BUF struct buf out = {0};
    for (const char *p = words; *p; p++) {
        outside = *p == COMMENT_BEGIN ? false : *p == COMMENT_END ? true : outside;
        any = any || (outside && !strchr(" ,;\x04", *p));
    }
    for (const char *p = words; *p; p++) {
        bool mark = *p == COMMENT_BEGIN || *p == COMMENT_END;
        if (!mark && (*p != ' ' || (out.len && out.data[out.len - 1] != ' ')))
            buf_putc(&out, *p);
        else if (mark && any)
            buf_putc(&out, *p == COMMENT_BEGIN ? '(' : ')');
    }
    char *name = text_trim(r->arena, out.data ? out.data : "");
    for (size_t n = strlen(name); n && strchr(" ,;", name[n - 1]); n--)
        name[n - 1] = '\0';
    return line_cut(r->arena, mime_show_words(r->arena, name + strspn(name, " ,;"), r->hidden), PERSON_NAME_MAX);
}

/* Without what was put around it, blanks and a route (RFC 5322 §4.4). */
static const char *unwrapped_address(struct arena *a, const char *s, size_t n)
{
    static const char AROUND[] = " <>'[](){}\"";
    AUTO_BUF struct buf out = {0};
    bool quoted = n && s[0] == '"' && memmem(s, n, "\"@", 2), literal = memmem(s, n, "@[", 2);
    for (; n && strchr(AROUND, s[0]) && !quoted; n--)
        s++;
    while (n && (strchr(AROUND, s[n - 1]) || s[n - 1] == '.') && !(literal && s[n - 1] == ']'))
        n--;
    const char *colon = memrchr(s, ':', n);
    if (colon && !literal && (s[0] == '@' || strncasecmp(s, "mailto:", 7) == 0)) {
        n -= (size_t)(colon + 1 - s);
        s = colon + 1;
    }
    for (size_t i = 0; i < n; i++)
        if (quoted || s[i] != ' ')
            buf_putc(&out, (char)(s[i] == HARD_BLANK ? ' ' : s[i]));
    const char *at = out.len ? strrchr(out.data, '@') : NULL;
    return at && at > out.data && at[1] ? arena_strndup(a, out.data, out.len) : NULL;
}

static const char *mailbox_address(const struct address_reader *r, const char *s, size_t n)
{
    const char *address = memchr(s, '@', n) ? unwrapped_address(r->arena, s, n) : NULL;
    return address ? line_cut(r->arena, mime_show_words(r->arena, address, r->hidden), IDENTITY_VALUE_MAX * 2) : NULL;
}

static void add_address(struct address_reader *r, const char *name, const char *address)
{
    if (r->n < MIME_ADDRESSES_MAX && (name || address))
        r->items[r->n++] = (struct mime_address){name, address};
}

/* Apart: the words, and what comments hold. */
static void split_comments(const char *words, struct buf *plain, struct buf *comments)
{
    struct buf *to = plain;
    for (const char *p = words; *p; p++) {
        if (*p == COMMENT_BEGIN && comments->len)
            buf_putc(comments, ' ');
        if (*p == COMMENT_BEGIN || *p == COMMENT_END)
            to = *p == COMMENT_BEGIN ? comments : plain;
        else
            buf_putc(to, *p);
    }
}

/* Moves *p to the next word; 0: there is none. */
static size_t word_length(const char **p)
{
    *p += strspn(*p, " ,;");
    return strcspn(*p, " ,;");
}

static bool is_written_address(const char *word, size_t n)
{
    const char *at = memchr(word, '@', n);
    return at && at > word && memchr(at, '.', n - (size_t)(at - word));
}

/* "a@b.example c@d.example": several words, and each an address. */
static bool add_each_word(struct address_reader *r, const char *words)
{
    size_t n, count = 0;
    for (const char *p = words; (n = word_length(&p)) > 0; p += n, count++)
        if (!is_written_address(p, n))
            return false;
    for (const char *p = words; count > 1 && (n = word_length(&p)) > 0; p += n)
        add_address(r, NULL, mailbox_address(r, p, n));
    return count > 1;
}

/* Without brackets: the last word with an "@"; the other words are the name, or else the comments. */
static bool add_bare(struct address_reader *r, const char *words)
{
    AUTO_BUF struct buf plain = {0}, comments = {0};
    char *begin = NULL;
    size_t n, length = 0;
    split_comments(words, &plain, &comments);
    if (!plain.data || add_each_word(r, plain.data))
        return plain.data != NULL;
    for (const char *p = plain.data; (n = word_length(&p)) > 0; p += n) {
        if (memchr(p, '@', n)) {
            begin = plain.data + (p - plain.data);
            length = n;
        }
    }
    const char *address = begin ? mailbox_address(r, begin, length) : NULL;
    if (!address)
        return false;
    memset(begin, ' ', length);
    const char *name = mailbox_name(r, plain.data);
    add_address(r, name || !comments.len ? name : mailbox_name(r, comments.data), address);
    return true;
}

static void clear_words(struct address_reader *r)
{
    buf_clear(&r->words);
    r->looked = 0;
}

/* At a comma or the end. Words without an address are kept: they may be the beginning of a name. */
static void end_mailbox(struct address_reader *r)
{
    if (r->words.len && (r->complete || add_bare(r, r->words.data + r->looked))) {
        struct mime_address *last = r->n ? &r->items[r->n - 1] : NULL;
        if (r->complete && last && !last->name) /* "<a@b.example> (Ann)" */
            last->name = mailbox_name(r, r->words.data);
        clear_words(r);
    }
    r->looked = r->words.len;
    r->complete = false;
}

/* ---- what a header is made of ---------------------------------------------------------------------------------------- */

/* The end of what begins at `p`, or NULL: it is never closed. */
static const char *closing_quote(const char *p)
{
    for (p++; *p && *p != '"'; p++)
        p += *p == '\\' && p[1];
    return *p ? p : NULL;
}

static const char *closing_parenthesis(const char *p)
{
    int depth = 0;
    for (; *p; p++) {
        if (*p == '\\' && p[1])
            p++;
        else if (*p == '(')
            depth++;
        else if (*p == ')' && --depth == 0)
            return p;
    }
    return NULL;
}

static const char *closing_bracket(struct address_reader *r, const char *p)
{
    for (p++; *p && *p != '>'; p++) {
        const char *close = *p == '"' && !r->no_quote ? closing_quote(p) : p;
        r->no_quote = r->no_quote || !close;
        p = close ? close : p;
    }
    return *p ? p : NULL;
}

static void read_quote(struct address_reader *r)
{
    const char *close = r->no_quote ? NULL : closing_quote(r->at);
    r->no_quote = !close;
    if (!close) { /* it says nothing */
        r->at++;
        return;
    }
    bool local_part = close[1] == '@';
    if (local_part)
        buf_putc(&r->words, '"');
    for (const char *p = r->at + 1; p < close; p++) {
        if (*p == '\\' && !local_part)
            p++;
        buf_putc(&r->words, (char)(local_part && *p == ' ' ? HARD_BLANK : *p));
    }
    if (local_part)
        buf_putc(&r->words, '"');
    r->at = close + 1;
}

static void read_comment(struct address_reader *r)
{
    const char *close = r->no_comment ? NULL : closing_parenthesis(r->at);
    r->no_comment = !close;
    if (!close) {
        buf_putc(&r->words, *r->at++);
        return;
    }
    buf_putc(&r->words, COMMENT_BEGIN);
    for (const char *p = r->at + 1; p < close; p++) {
        p += *p == '\\';
        buf_putc(&r->words, *p);
    }
    buf_putc(&r->words, COMMENT_END);
    r->at = close + 1;
}

static const char *address_in_brackets(const struct address_reader *r, const char *s, size_t n)
{
    if (!memchr(s, '(', n) || memchr(s, '"', n))
        return mailbox_address(r, s, n);
    const char *bare = mime_without_comments(r->arena, arena_strndup(r->arena, s, n));
    return mailbox_address(r, bare, strlen(bare));
}

/* "Mail Delivery System <MAILER-DAEMON>": of a mailbox on the server itself, the only thing in brackets, and nothing behind. */
static bool is_local_name(const struct address_reader *r, const char *begin, const char *close)
{
    const char *behind = close + 1 + strspn(close + 1, " ");
    size_t n = (size_t)(close - begin);
    if (!n || !r->words.len || r->complete || memchr(r->words.data, '@', r->words.len) ||
        (*behind && !strchr(",;", *behind)))
        return false;
    for (const char *p = begin; p < close; p++)
        if (!isalnum((unsigned char)*p) && !strchr("-_.+", *p))
            return false;
    return true;
}

static void read_brackets(struct address_reader *r)
{
    const char *close = r->no_brackets ? NULL : closing_bracket(r, r->at), *begin = r->at + 1;
    r->no_brackets = !close;
    size_t n = close ? (size_t)(close - begin) : strcspn(begin, ",;");
    const char *address = address_in_brackets(r, begin, n);
    if (!address && close && is_local_name(r, begin, close))
        address = arena_strndup(r->arena, begin, n);
    if (address) {
        if (r->complete)
            end_mailbox(r); /* a comma was forgotten */
        add_address(r, mailbox_name(r, r->words.data ? r->words.data : ""), address);
        clear_words(r);
        r->complete = true;
    } else if (n) { /* a part of the name */
        buf_add(&r->words, r->at, n + 1 + (close != NULL));
    }
    r->at = begin + n + (close != NULL);
    r->at += strspn(r->at, ">");
}

/* A colon ends the name of a group, when a semicolon will end the group, or there is nothing in it; or it stands in a name. */
static void read_colon(struct address_reader *r)
{
    size_t n = r->words.len;
    bool url = n >= 6 && strcasecmp(r->words.data + n - 6, "mailto") == 0;
    bool group = r->last_semicolon > r->at || !r->at[1 + strspn(r->at + 1, " ")];
    if (!url && group && !r->complete)
        clear_words(r);
    else
        buf_putc(&r->words, ':');
    r->at++;
}

/* What stands behind all addresses, "…, sales, Ann", names people of the server itself. */
static void add_names_left(struct address_reader *r)
{
    size_t n;
    for (const char *p = r->words.data ? r->words.data : ""; *p; p += n) {
        p += strspn(p, ",;");
        n = strcspn(p, ",;");
        add_address(r, mailbox_name(r, arena_strndup(r->arena, p, n)), NULL);
    }
    clear_words(r);
}

static void read_separator(struct address_reader *r)
{
    end_mailbox(r);
    if (r->words.len)
        buf_putc(&r->words, *r->at);
    r->at++;
}

static const struct {
    char begin;
    void (*read)(struct address_reader *r);
} READERS[] = {{'"', read_quote}, {'(', read_comment},   {'<', read_brackets},
               {':', read_colon}, {',', read_separator}, {';', read_separator}};

static void read_mailboxes(struct address_reader *r, const char *line)
{
    r->at = line;
    r->last_semicolon = strrchr(line, ';');
    while (*r->at && r->n < MIME_ADDRESSES_MAX) {
        size_t i = 0;
        while (i < COUNT_OF(READERS) && READERS[i].begin != *r->at)
            i++;
        if (i < COUNT_OF(READERS))
            READERS[i].read(r);
        else
            buf_putc(&r->words, *r->at++);
    }
    end_mailbox(r);
    if (r->n)
        add_names_left(r);
}

/* ---- the whole ------------------------------------------------------------------------------------------------------ */

/* Brackets as East Asian keyboards and HTML write them, where there are no others. */
static const char *with_brackets(struct arena *a, const char *line)
{
    static const char *const WRITTEN[][2] = {{"＜", "<"}, {"＞", ">"}, {"&lt;", "<"}, {"&gt;", ">"}};
    AUTO_BUF struct buf out = {0};
    if (strchr(line, '<'))
        return line;
    while (*line) {
        size_t i = 0;
        while (i < COUNT_OF(WRITTEN) && strncmp(line, WRITTEN[i][0], strlen(WRITTEN[i][0])) != 0)
            i++;
        bool written = i < COUNT_OF(WRITTEN);
        buf_add(&out, written ? WRITTEN[i][1] : line, 1);
        line += written ? strlen(WRITTEN[i][0]) : 1;
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

static bool has_address(const struct address_reader *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->items[i].address)
            return true;
    return false;
}

struct list mime_addresses(struct arena *a, const char *value)
{
    struct mime_words hidden = {.n = 0}, none = {.n = 0};
    struct address_reader r = {.arena = a, .hidden = &hidden};
    r.items = arena_alloc(a, MIME_ADDRESSES_MAX * sizeof(*r.items));
    const char *line = with_brackets(a, mime_hide_words(a, value ? value : "", &hidden));
    read_mailboxes(&r, line);
    const char *words = r.words.data ? arena_strdup(a, r.words.data) : "";
    buf_free(&r.words);
    if (!has_address(&r) && hidden.n) { /* all of it was in an encoded word */
        struct address_reader again = {.arena = a, .hidden = &none, .items = r.items};
        read_mailboxes(&again, with_brackets(a, mime_show_words(a, line, &hidden)));
        buf_free(&again.words);
        r.n = again.n;
    }
    if (!has_address(&r)) /* a name alone */
        add_address(&r, mailbox_name(&r, words), NULL);
    return (struct list){r.items, r.n};
}
