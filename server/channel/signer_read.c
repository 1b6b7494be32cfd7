#include "channel/signer_read.h"

#include "channel/signature_pgp.h"
#include "channel/signature_smime.h"

static size_t times_in(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
        n++;
    return n;
}

void signer_read(struct arena *a, const char *text, struct signer_facts *ret)
{
    size_t certificates =
               times_in(text, "-----BEGIN CERTIFICATE-----") + times_in(text, "-----BEGIN X509 CERTIFICATE-----"),
           keys = times_in(text, "-----BEGIN PGP PUBLIC KEY BLOCK-----");
    *ret = (struct signer_facts){.fault = SIGNER_NO_KEY};
    if (strstr(text, "PRIVATE KEY-----") || strstr(text, "-----BEGIN PGP PRIVATE KEY BLOCK-----"))
        ret->fault = SIGNER_SECRET;
    else if (certificates + keys > 1)
        ret->fault = SIGNER_SEVERAL;
    else if (certificates)
        smime_signer_read(a, text, ret);
    else if (keys)
        pgp_signer_read(a, text, ret);
}
