#include "web/http/chunk.h"

#include "base/text.h"
#include "web/http/span.h"

static enum chunk_place after_size(struct chunk_reader *r, char c)
{
    int digit = hex_digit(c);
    if (digit >= 0) {
        r->left = r->left * 16 + (unsigned)digit;
        return ++r->digits > CHUNK_DIGITS_MAX ? CHUNK_BAD : CHUNK_SIZE_DIGITS;
    }
    if (r->digits == 0)
        return CHUNK_BAD;
    return c == '\r' ? CHUNK_LINE_LF : c == ';' ? CHUNK_EXTENSION : CHUNK_BAD;
}

static enum chunk_place after_extension(struct chunk_reader *r, char c)
{
    if (c == '\r')
        return CHUNK_LINE_LF;
    return is_value_char(c) && ++r->extensions <= CHUNK_EXTENSIONS_MAX ? CHUNK_EXTENSION : CHUNK_BAD;
}

static enum chunk_place after_line(struct chunk_reader *r)
{
    r->line = r->name = 0;
    return r->left ? CHUNK_DATA : CHUNK_TRAILER_NAME;
}

static enum chunk_place after_data(struct chunk_reader *r)
{
    r->line = 0;
    r->digits = 0;
    return CHUNK_SIZE_DIGITS;
}

static enum chunk_place after_name(struct chunk_reader *r, char c)
{
    if (c == '\r' && r->name == 0)
        return CHUNK_LAST_LF;
    if (c == ':' && r->name > 0)
        return CHUNK_TRAILER_VALUE;
    r->name++;
    return is_token_char(c) ? CHUNK_TRAILER_NAME : CHUNK_BAD;
}

static enum chunk_place read_byte(struct chunk_reader *r, char c)
{
    r->line++;
    switch (r->place) {
    case CHUNK_SIZE_DIGITS:
        return r->line > CHUNK_LINE_MAX ? CHUNK_BAD : after_size(r, c);
    case CHUNK_EXTENSION:
        return r->line > CHUNK_LINE_MAX ? CHUNK_BAD : after_extension(r, c);
    case CHUNK_LINE_LF:
        return c == '\n' ? after_line(r) : CHUNK_BAD;
    case CHUNK_DATA_CR:
        return c == '\r' ? CHUNK_DATA_LF : CHUNK_BAD;
    case CHUNK_DATA_LF:
        return c == '\n' ? after_data(r) : CHUNK_BAD;
    case CHUNK_TRAILER_NAME:
        return r->line > CHUNK_TRAILER_MAX ? CHUNK_BAD : after_name(r, c);
    case CHUNK_TRAILER_VALUE:
        return r->line > CHUNK_TRAILER_MAX ? CHUNK_BAD
               : c == '\r'                 ? CHUNK_TRAILER_LF
               : is_value_char(c)          ? CHUNK_TRAILER_VALUE
                                           : CHUNK_BAD;
    case CHUNK_TRAILER_LF:
        r->name = 0;
        return c == '\n' ? CHUNK_TRAILER_NAME : CHUNK_BAD;
    case CHUNK_LAST_LF:
        return c == '\n' ? CHUNK_OVER : CHUNK_BAD;
    default:
        return CHUNK_BAD;
    }
}

static size_t take_data(struct chunk_reader *r, size_t n)
{
    size_t used = r->left < n ? (size_t)r->left : n;
    r->left -= used;
    if (r->left == 0)
        r->place = CHUNK_DATA_CR;
    return used;
}

size_t chunk_read(struct chunk_reader *r, const char *bytes, size_t n, const char **ret_data, size_t *ret_n)
{
    size_t used = 0;
    *ret_data = bytes;
    *ret_n = 0;
    while (used < n && r->place < CHUNK_OVER) {
        if (r->place == CHUNK_DATA) {
            *ret_data = bytes + used;
            *ret_n = take_data(r, n - used);
            return used + *ret_n;
        }
        r->place = read_byte(r, bytes[used++]);
    }
    return used;
}
