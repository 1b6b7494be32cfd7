#include "channel/charset_label.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdbool.h>

#define LABEL_MAX 64

/* The labels are letters and digits alone, without "x" and "cs" before them; a number is a code page. */
struct charset_row {
    const char *charset, *labels;
};
static const struct charset_row CHARSETS[] = {
    {UTF_8, "utf8 unicode11utf8 unicode20utf8 65001 utf8mb4 utf8n"},
    {LATIN, "1252 819 ascii usascii ansix341968 iso88591 iso885911987 isoir100 isolatin1 l1 latin1 iso646us 646 us "
            "28591 20127 "
            "iso88591windows1252 ansi"},
    {JIS, "iso2022jp iso2022jp1 iso2022jp2 iso2022jpms iso2022jpesc iso2022jpsio 50220 50221 50222 jis jis7 junet "
          "iso2022jp3 iso2022jp2004"},
    {SHIFT_JIS, "shiftjis sjis mskanji windows31j 932 943 shiftjis2004 shiftjisx0213 mscode"},
    {EUC_JP,
     "eucjp eucpkdfmtjapanese extendedunixcodepackedformatforjapanese 51932 20932 eucjpms eucjpwin ujis eucjis"},
    {GB, "gb18030 gbk gb2312 gb231280 iso58gb231280 gb23121980 chinese isoir58 936 54936 euccn cngb 20936 51936"},
    {HZ, "hzgb2312 hz hzgb 52936"},
    {"BIG5-HKSCS", "big5 big5hkscs cnbig5 950 951 bigfive big5eten"},
    {"EUC-TW", "euctw cneuctw cns11643"},
    {"ISO-2022-CN-EXT", "iso2022cn iso2022cnext"},
    {KOREAN, "euckr ksc56011987 ksc56011989 ksc5601 korean isoir149 949 51949 uhc ks5601"},
    {"ISO-2022-KR", "iso2022kr 50225"},
    {"JOHAB", "johab 1361"},
    {"ISO-8859-2", "iso88592 iso885921987 isoir101 isolatin2 l2 latin2 28592"},
    {"ISO-8859-3", "iso88593 iso885931988 isoir109 isolatin3 l3 latin3 28593"},
    {"ISO-8859-4", "iso88594 iso885941988 isoir110 isolatin4 l4 latin4 28594"},
    {"ISO-8859-5", "iso88595 iso885951988 isoir144 isolatincyrillic cyrillic 28595"},
    {"ISO-8859-6",
     "iso88596 iso885961987 isoir127 isolatinarabic arabic ecma114 asmo708 708 iso88596e iso88596i 28596"},
    {"ISO-8859-7", "iso88597 iso885971987 isoir126 isolatingreek greek greek8 ecma118 elot928 suneugreek 28597"},
    {"ISO-8859-8",
     "iso88598 iso885981988 isoir138 isolatinhebrew hebrew visual iso88598e iso88598i logical 28598 38598"},
    {"WINDOWS-1254", "1254 iso88599 iso885991989 isoir148 isolatin5 l5 latin5 28599"},
    {"ISO-8859-10", "iso885910 isoir157 isolatin6 l6 latin6"},
    {"WINDOWS-874", "874 iso885911 tis620 tis62025330 tis6200"},
    {"ISO-8859-13", "iso885913 l7 latin7 isolatin7 28603"},
    {"ISO-8859-14", "iso885914 l8 latin8 isolatin8 isoir199"},
    {"ISO-8859-15", "iso885915 l9 latin9 isolatin9 isoir203 28605 latin0"},
    {"ISO-8859-16", "iso885916 l10 latin10 isoir226"},
    {"WINDOWS-1250", "1250"},
    {"WINDOWS-1251", "1251 cyrillicwindows"},
    {"WINDOWS-1253", "1253"},
    {"WINDOWS-1255", "1255"},
    {"WINDOWS-1256", "1256"},
    {"WINDOWS-1257", "1257"},
    {"WINDOWS-1258", "1258"},
    {"KOI8-R", "koi koi8 koi8r 20866 878"},
    {"KOI8-U", "koi8u koi8ru 21866"},
    {"KOI8-T", "koi8t"},
    {"MACINTOSH", "mac macintosh macroman 10000"},
    {"MAC-CYRILLIC", "maccyrillic macukrainian 10007 10017"},
    {"MAC-CENTRALEUROPE", "macce maccentraleurope maccentraleurroman 10029"},
    {"IBM437", "437 pc8codepage437"},
    {"CP737", "737"},
    {"CP775", "775"},
    {"IBM850", "850 858 pc850multilingual"},
    {"IBM852", "852 pcp852"},
    {"IBM855", "855"},
    {"IBM857", "857"},
    {"IBM860", "860"},
    {"IBM861", "861"},
    {"IBM862", "862 pc862latinhebrew"},
    {"IBM863", "863"},
    {"IBM864", "864"},
    {"IBM865", "865"},
    {"IBM866", "866"},
    {"IBM869", "869"},
    {"CP1125", "1125"},
    {"VISCII", "viscii"},
    {"TCVN5712-1", "tcvn tcvn5712 tcvn57121"},
    {"ARMSCII-8", "armscii8"},
    {"GEORGIAN-PS", "georgianps"},
    {"RK1048", "rk1048 strk10482002 kz1048"},
    {"PT154", "pt154 ptcp154 cyrillicasian"},
    {"UTF-7", "utf7 unicode11utf7 65000"},
    {"UTF-16", "utf16 unicode unicodefeff iso10646ucs2 ucs2 1200"},
    {"UTF-16LE", "utf16le ucs2le"},
    {"UTF-16BE", "utf16be unicodefffe ucs2be 1201"},
    {"UTF-32", "utf32 ucs4 iso10646ucs4"},
    {"UTF-32LE", "utf32le ucs4le"},
    {"UTF-32BE", "utf32be ucs4be"},
};

static const char *label_without(const char *key, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(key, prefix, n) == 0 && key[n] ? key + n : key;
}

/* The number of a code page, whoever gave it; other keys as they are. */
static const char *page_number(const char *key)
{
    static const char *const MAKERS[] = {"windows", "win", "cp", "ms", "ibm", "dos", "codepage", "oem"};
    for (size_t i = 0; i < COUNT_OF(MAKERS); i++) {
        const char *number = label_without(key, MAKERS[i]);
        if (number != key && strspn(number, "0123456789") == strlen(number))
            return number;
    }
    return key;
}

static bool holds_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = words; (p = strstr(p, word)) != NULL; p++)
        if ((p == words || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return true;
    return false;
}

const char *charset_of_label(const char *label)
{
    char letters[LABEL_MAX] = "";
    size_t n = 0;
    for (const char *p = label ? label : ""; *p && n < LABEL_MAX - 1; p++)
        if (isalnum((unsigned char)*p))
            letters[n++] = (char)tolower((unsigned char)*p);
    letters[n] = '\0';
    const char *key = label_without(letters, "charset");
    for (; key[0] == 'x' && key[1]; key++)
        ;
    key = page_number(label_without(key, "cs"));
    for (size_t i = 0; key[0] && i < COUNT_OF(CHARSETS); i++)
        if (holds_word(CHARSETS[i].labels, key))
            return CHARSETS[i].charset;
    return NULL;
}

const char *charset_at(size_t i)
{
    return i < COUNT_OF(CHARSETS) ? CHARSETS[i].charset : NULL;
}
