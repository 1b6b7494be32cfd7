#include "channel/mime_secure.h"

#include "base/text.h"

#include <limits.h>
#include <openssl/cms.h>
#include <strings.h>

const char *const MIME_SECURE_NAMES[] = {"", "smime_signed", "smime_encrypted", "pgp_signed", "pgp_encrypted", NULL};

static bool has_armour(struct mime_bytes body, const char *what)
{
    size_t n = strlen(what);
    while (body.n && (*body.at == '\n' || *body.at == '\r' || *body.at == ' ')) {
        body.at++;
        body.n--;
    }
    return body.n > n && memcmp(body.at, what, n) == 0;
}

static bool says(struct arena *a, const char *content_type, const char *name, const char *part)
{
    const char *value = content_type ? mime_param(a, content_type, name) : NULL;
    return value && strcasestr(value, part);
}

enum mime_secure mime_secure_of(struct arena *a, const char *type, const char *content_type, struct mime_bytes body)
{
    if (strcmp(type, "multipart/signed") == 0)
        return says(a, content_type, "protocol", "pgp") ? PGP_SIGNED : SMIME_SIGNED;
    if (strcmp(type, "multipart/encrypted") == 0)
        return PGP_ENCRYPTED;
    if (strcmp(type, "application/pkcs7-mime") == 0 || strcmp(type, "application/x-pkcs7-mime") == 0)
        return says(a, content_type, "smime-type", "signed") ? SMIME_SIGNED : SMIME_ENCRYPTED;
    if (strcmp(type, "text/plain") != 0)
        return SECURE_NOT;
    return has_armour(body, "-----BEGIN PGP MESSAGE-----")          ? PGP_ENCRYPTED
           : has_armour(body, "-----BEGIN PGP SIGNED MESSAGE-----") ? PGP_SIGNED
                                                                    : SECURE_NOT;
}

bool mime_secure_content(struct arena *a, struct mime_bytes der, struct mime_bytes *ret)
{
    const unsigned char *p = (const unsigned char *)der.at;
    CMS_ContentInfo *cms = der.n <= LONG_MAX ? d2i_CMS_ContentInfo(NULL, &p, (long)der.n) : NULL;
    ASN1_OCTET_STRING **content = NULL;
    if (cms && OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed)
        content = CMS_get0_content(cms);
    bool found = content && *content && ASN1_STRING_length(*content) > 0;
    if (found) {
        size_t n = (size_t)ASN1_STRING_length(*content);
        *ret = (struct mime_bytes){arena_strndup(a, (const char *)ASN1_STRING_get0_data(*content), n), n};
    }
    CMS_ContentInfo_free(cms);
    return found;
}
