import type { Language } from './language.ts';

export const sv: Language = {
  tag: 'sv',
  mail: {
    customer: ['Hej,', 'Vänliga hälsningar\n{full}'],
    agent: ['Hej {first},', 'Varma hälsningar\n{agent}\nAoyama & Finch, te och keramik'],
  },
  days: ['söndag', 'måndag', 'tisdag', 'onsdag', 'torsdag', 'fredag', 'lördag'],
  subjects: {
    delivery: ['Var är min beställning {order}?'],
    return: ['Retur av {order}'],
    size: ['Mått på {ware}'],
    invoice: ['Kvitto för {order}'],
    gift: ['Presentinslagning'],
    faulty: ['Trasig vid leverans: {ware}'],
    pickup: ['Hämta {order} i {store}'],
    points: ['Mina poäng'],
    product: ['En fråga'],
    change: ['Ändra beställning {order}'],
  },
  dialogues: {
    delivery: [
      `C: Min beställning {order} skulle ha kommit i går. Kan ni se var paketet är?
A: Tack för att du hör av dig! Paketet {track} fastnade i sorteringen men är på väg igen och kommer senast på {day}.
C: Toppen, tack för snabbt svar.`,
      `C: hej! kan ni skicka till ombud istället för hem?
A: Absolut, jag har ändrat {order} till ICA Nära på Storgatan. Du får en avi när det är framme.
C: perfekt, tack 🙏`,
    ],
    return: [
      `C: {ware} var finare på bild än på vårt bord. Går det att lämna tillbaka?
A: Självklart, inom 30 dagar. Returetiketten är bifogad och pengarna kommer tillbaka inom tre dagar.
C: Skickat i dag. Tack!
A: Returen är framme och pengarna är på väg.`,
    ],
    size: [
      `C: Hur mycket rymmer {pot}?
A: 350 ml upp till kanten, ungefär tre koppar.
C: Lagom för oss, tack.`,
    ],
    invoice: [
      `C: Kan jag få ett kvitto på {order} med vårt organisationsnummer 556677-8899?
A: Här kommer det som PDF.
C: Tack så mycket!`,
    ],
    gift: [
      `C: Går det att få {ware} inslaget med ett kort? Det ska till min mormor som fyller 90.
A: Så fint! Vad vill du att det ska stå på kortet?
C: "Grattis mormor, kram från {first}".
N: Kortet skrivet för hand, inget pris i paketet.
A: Klart, det skickas i dag.
C: Hon blev jätteglad!`,
    ],
    faulty: [
      `C: Tyvärr var {ware} sprucken när jag öppnade paketet. Bild bifogas.
A: Så tråkigt! En ny är på väg redan i dag och du behöver inte skicka tillbaka den trasiga.
C: Vilken service, tack!`,
    ],
    pickup: [
      `C: Är {order} klar att hämta i {store}?
A: Ja, den ligger vid kassan. Vi har öppet till 18.
C: Då kommer jag förbi efter jobbet.`,
    ],
    points: [
      `C: Jag fick inga poäng för köpet i butiken.
A: Nu är de inlagda, du har {points} poäng.
C: Ser dem nu, tack!`,
    ],
    product: [
      `C: Mitt te blir beskt. Hur länge ska {tea} dra?
A: En minut i 70-gradigt vatten räcker. Det går att brygga tre gånger.
C: Mycket godare så!`,
      `C: Tål {ware} diskmaskin?
A: Glasyren gör det men inte den oglaserade foten. Handdiska gärna.
C: Okej, tack.`,
    ],
    change: [
      `C: Jag råkade skriva fel adress på {order}. Det ska vara Björkgatan 5, Uppsala.
A: Ändrat innan det packades.
C: Tack snälla!`,
    ],
  },
  thanks: ['Tack så mycket!', 'Kanon, tack.', 'Tack för hjälpen!'],
  campaigns: ['Årets första skörd är här', 'Nytt från ugnen'],
  greeting: 'Välkommen till Aoyama & Finch! Fråga oss om te och keramik.',
  surveys: [
    [5, 'Snabbt och vänligt.'],
    [4, 'Bra hjälp.'],
  ],
  calls: ['Undrade när paketet kommer; gav {track}.', 'Frågade om öppettider i {store}.'],
};
