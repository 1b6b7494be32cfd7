import type { Language } from './language.ts';

export const de: Language = {
  tag: 'de',
  mail: {
    customer: ['Guten Tag,', 'Mit freundlichen Grüßen\n{full}'],
    agent: ['Guten Tag {first},', 'Herzliche Grüße\n{agent}\nAoyama & Finch, Tee und Keramik'],
  },
  days: ['Sonntag', 'Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag'],
  subjects: {
    delivery: ['Wo bleibt meine Bestellung {order}?', 'Lieferung {order}'],
    return: ['Rücksendung {order}', 'Rückgabe'],
    size: ['Maße: {ware}', 'Frage zur Größe'],
    invoice: ['Rechnung zu {order}', 'Rechnung mit USt-IdNr.'],
    gift: ['Geschenkverpackung', 'Als Geschenk verschicken'],
    faulty: ['Beschädigt angekommen: {ware}', 'Beschädigte Ware'],
    pickup: ['Abholung {order} in {store}'],
    points: ['Meine Treuepunkte', 'Punkte fehlen'],
    product: ['Eine Frage', 'Frage zum Sortiment'],
    change: ['Bestellung {order} ändern', 'Falsche Adresse bei {order}'],
  },
  dialogues: {
    delivery: [
      `C: Meine Bestellung {order} sollte gestern ankommen, in der Sendungsverfolgung bewegt sich seit drei Tagen nichts. Können Sie bitte nachsehen?
A: Danke für Ihre Nachricht. Das Paket {track} lag im Verteilzentrum und ist heute früh weitergeleitet worden. Es sollte spätestens am {day} bei Ihnen sein. Falls nicht, schicke ich sofort Ersatz.
C: Vielen Dank für die schnelle Antwort!
C: Es ist gerade angekommen, alles heil.`,
      `C: Kann das Paket auch in eine Packstation?
A: Ja, gern. Ich habe die Packstation 145 und Ihre Postnummer bei Bestellung {order} eingetragen.
C: Super, danke.`,
      `C: Der Bote hat das Paket bei Nachbarn abgegeben, die ich gar nicht kenne. Wo genau?
A: Laut Zustellnachweis bei „Öztürk, 3. OG links“. Sollte dort niemand öffnen, melden Sie sich bitte noch einmal.
C: Gefunden, sehr nette Leute. Danke!`,
    ],
    return: [
      `C: Die Farbe von {ware} passt leider nicht zu unserem Geschirr. Kann ich umtauschen oder zurückgeben?
A: Selbstverständlich, innerhalb von 30 Tagen. Das Rücksendeetikett ist angehängt. Möchten Sie Ersatz in einer anderen Farbe oder Ihr Geld zurück?
C: Bitte das Geld zurück.
A: Die Rücksendung ist da, die Erstattung ist unterwegs und in zwei bis drei Tagen auf Ihrem Konto.`,
      `C: Ich habe {order} vor einer Woche zurückgeschickt. Wann kommt die Erstattung?
A: Sie wurde heute angewiesen. Entschuldigen Sie bitte die Wartezeit, im Wareneingang staut es sich nach den Feiertagen.
N: Erstattung manuell angestoßen, Wareneingang hatte sie nicht verbucht.
C: In Ordnung, danke für die Auskunft.`,
    ],
    size: [
      `C: Wie viel fasst {ware}? Auf der Seite steht nur die Höhe.
A: Bis zum Rand 280 ml, angenehm gefüllt etwa 230 ml.
C: Genau richtig für mich.`,
      `C: Passt das Teesieb auch in die große Kanne?
A: Ja, der Durchmesser ist mit 7,5 cm bei beiden Kannen gleich.
C: Prima, danke.`,
    ],
    invoice: [
      `C: Bitte senden Sie mir die Rechnung zu {order} mit unserer USt-IdNr. DE123456789.
A: Gern, die Rechnung ist angehängt. Die Nummer ist nun in Ihrem Konto hinterlegt.
C: Vielen Dank, passt alles.`,
      `C: Auf der Rechnung fehlt unsere Kostenstelle 4711. Lässt sich das ergänzen?
A: Ja. Anbei die korrigierte Rechnung mit Kostenstelle.
C: Perfekt.`,
    ],
    gift: [
      `C: Können Sie {ware} als Geschenk verpacken und direkt an meine Schwester schicken, ohne Rechnung?
A: Sehr gern. Möchten Sie eine Karte dazu? Wir schreiben sie von Hand.
C: Ja bitte: „Alles Liebe zum Geburtstag, Deine {first}“.
N: Karte geschrieben, Rechnung nur per Mail an die Bestellerin.
A: Ist notiert und geht heute noch hinaus.
C: Sie hat sich sehr gefreut. Danke!`,
    ],
    faulty: [
      `C: Leider hat {ware} einen Sprung. Ich habe ein Foto angehängt.
A: Das tut mir leid! Ersatz ist heute noch unterwegs, zurückschicken müssen Sie nichts.
C: Das nenne ich Service. Danke!`,
      `C: {pot}: Es tropft beim Eingießen. Ist das normal?
A: Nein, das sollte sie nicht. Ich schicke Ihnen eine neue und lasse die alte kostenlos abholen. Passt Ihnen der {day}?
C: {day} passt.
N: Abholung beauftragt, neue Kanne vor dem Versand getestet.
C: Die neue tropft nicht mehr. Danke!`,
    ],
    pickup: [
      `C: Liegt {order} schon in {store} zur Abholung bereit?
A: Ja, seit heute Mittag. Wir haben bis 19 Uhr geöffnet.
C: Dann komme ich heute noch vorbei.`,
    ],
    points: [
      `C: Mir fehlen die Punkte für meinen letzten Einkauf im Laden in {store}.
A: Mit der Bonnummer habe ich sie nachgebucht, Sie haben jetzt {points} Punkte.
C: Stimmt, danke!`,
      `C: Kann ich meine Punkte auch im Laden einlösen?
A: Ja, an jeder Kasse. Einfach die Karte oder die Telefonnummer nennen.
C: Prima.`,
    ],
    product: [
      `C: Bei welcher Temperatur brüht man {tea} auf? Der Tee wird mir zu bitter.
A: Bei 70 Grad und nur eine Minute. Danach lässt er sich noch zweimal aufgießen.
C: Viel besser so, danke für den Tipp!`,
      `C: Ist {ware} spülmaschinenfest?
A: Die Glasur ja, der unglasierte Fuß leider nicht. Wir empfehlen heißes Wasser und eine weiche Bürste.
C: Gut zu wissen.`,
    ],
    change: [
      `C: Ich habe bei {order} aus Versehen die alte Adresse angegeben. Neu: Lindenweg 8, 50674 Köln.
A: Rechtzeitig geändert, das Paket geht an den Lindenweg 8.
C: Sie retten mir den Tag.`,
      `C: Bitte {order} stornieren, ich habe doppelt bestellt.
A: Ist storniert, der Betrag wird sofort freigegeben.
C: Danke!`,
    ],
  },
  thanks: ['Vielen Dank!', 'Danke, einen schönen Tag noch.', 'Super, danke für die Hilfe.'],
  campaigns: ['Erste Ernte: neue Grüntees', 'Frisch aus dem Brennofen', 'Doppelte Punkte im Geburtstagsmonat'],
  greeting: 'Willkommen bei Aoyama & Finch! Fragen Sie uns alles über Tee und Keramik.',
  surveys: [
    [5, 'Schnell und freundlich.'],
    [4, 'Gute Beratung.'],
    [2, 'Ich musste zweimal nachfragen.'],
  ],
  calls: [
    'Fragte nach dem Liefertermin, {track} genannt.',
    'Wollte wissen, ob {store} am Samstag geöffnet ist.',
    'Meldete eine abgeplatzte Tasse; Ersatz veranlasst.',
  ],
};
