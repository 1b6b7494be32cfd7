#include "channel/mail_signature.h"

#include "channel/channel.h"
#include "channel/mime_secure.h"
#include "channel/signature_pgp.h"
#include "channel/signature_smime.h"

struct signature mail_signature(struct arena *a, const struct mime_mail *mail, const struct list *signers, int64_t at)
{
    struct signature best = {.state = SIGNATURE_UNKNOWN};
    struct signature_case c = {.what = &mail->signed_all,
                               .signers = signers,
                               .from = identity_normalise(a, IDENTITY_EMAIL, mail->from.address, NULL),
                               .at = mail->date > 0 && mail->date < at ? mail->date : at};
    if (mail->secure != SMIME_SIGNED && mail->secure != PGP_SIGNED)
        return (struct signature){SIGNATURE_NONE, NULL};
    if (c.what->how == SIGNED_NOT)
        return (struct signature){SIGNATURE_PARTIAL, NULL};
    if (!signers || !signers->n)
        return best;
    if (c.what->how == SIGNED_SMIME || c.what->how == SIGNED_SMIME_AROUND)
        smime_verify(a, &c, &best);
    else
        pgp_verify(a, &c, &best);
    return best;
}
