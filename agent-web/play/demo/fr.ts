import type { Language } from './language.ts';

export const fr: Language = {
  tag: 'fr',
  mail: {
    customer: ['Bonjour,', 'Bien cordialement,\n{full}'],
    agent: ['Bonjour {first},', 'Bien à vous,\n{agent}\nAoyama & Finch, thés et céramiques'],
  },
  days: ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
  subjects: {
    delivery: ['Où en est ma commande {order} ?', 'Livraison {order}'],
    return: ['Retour de la commande {order}'],
    size: ['Dimensions : {ware}'],
    invoice: ['Facture de la commande {order}'],
    gift: ['Emballage cadeau'],
    faulty: ['Arrivé cassé : {ware}'],
    pickup: ['Retrait en boutique de {order}'],
    points: ['Mes points de fidélité'],
    product: ['Une question', 'Petit renseignement'],
    change: ['Modifier la commande {order}'],
  },
  dialogues: {
    delivery: [
      `C: Ma commande {order} devait arriver hier et le suivi n’a pas bougé depuis trois jours. Pouvez-vous vérifier ?
A: Merci de votre message. Le colis {track} était retenu au centre de tri ; il est reparti ce matin et arrivera {day} au plus tard.
C: Parfait, merci beaucoup pour votre rapidité.`,
      `C: bonjour, le livreur n’a pas trouvé le code de l’immeuble, c’est le 4B27
A: Merci {first}, je l’ai transmis au transporteur : nouvelle livraison {day} entre 9 h et 13 h.
C: super merci`,
    ],
    return: [
      `C: Le {ware} est très beau mais trop grand pour notre table. Comment faire pour le renvoyer ?
A: Rien de plus simple : l’étiquette de retour est jointe, vous avez trente jours. Le remboursement part dès réception.
C: Envoyé ce matin.
A: Bien reçu, vous êtes remboursée.`,
    ],
    size: [
      `C: Quelle est la contenance du {pot} ?
A: 320 ml à ras bord, environ 280 ml à l’usage : deux belles tasses.
C: C’est ce qu’il me fallait, merci.`,
    ],
    invoice: [
      `C: Pourriez-vous m’envoyer la facture de {order} au nom de la SARL Les Tilleuls ?
A: La voici en pièce jointe. Le nom est enregistré pour vos prochaines commandes.
C: Merci, c’est parfait.`,
    ],
    gift: [
      `C: Est-il possible d’emballer le {ware} et de glisser un petit mot ? C’est pour l’anniversaire de ma tante.
A: Avec plaisir. Quel texte souhaitez-vous sur la carte ?
C: « Joyeux anniversaire, avec toute mon affection, {first} ».
N: Carte écrite à la main, pas de facture dans le colis.
A: C’est noté, le colis part demain.
C: Elle a adoré, merci !`,
    ],
    faulty: [
      `C: Le {ware} est arrivé ébréché. Je joins une photo.
A: Je suis désolée, {first}. Un nouveau part aujourd’hui même ; inutile de nous renvoyer celui-ci.
C: Merci, quelle efficacité !`,
      `C: {pot} : elle goutte quand on verse. Est-ce normal ?
A: Non, et nous allons arranger cela : un échange est prévu {day}, le livreur reprendra l’ancienne.
C: Très bien, merci.`,
    ],
    pickup: [
      `C: La commande {order} est-elle prête à la boutique de {store} ?
A: Oui, elle vous attend au comptoir jusqu’à 19 h.
C: J’arrive, merci.`,
    ],
    points: [
      `C: Je ne vois pas les points de mon achat à {store}.
A: Ils viennent d’être ajoutés : vous avez {points} points.
C: Merci beaucoup !`,
    ],
    product: [
      `C: À quelle température infuser le {tea} ? Le mien est amer.
A: 70 degrés, une minute, pas plus. Vous pourrez l’infuser trois fois.
C: C’est bien meilleur, merci du conseil.`,
      `C: Le {ware} passe-t-il au micro-ondes ?
A: Non, à cause du filet d’or. À la main, il vivra très longtemps.
C: Entendu.`,
    ],
    change: [
      `C: Je me suis trompée d’adresse pour {order} : c’est le 8 rue des Lilas.
A: C’est corrigé avant l’expédition, rassurez-vous.
C: Ouf, merci !`,
    ],
  },
  thanks: ['Merci beaucoup !', 'Parfait, merci.', 'Merci, bonne journée.'],
  campaigns: ['La première récolte est arrivée', 'Les nouveautés du four', 'Points doublés pour votre anniversaire'],
  greeting: 'Bienvenue chez Aoyama & Finch ! Posez-nous toutes vos questions.',
  surveys: [
    [5, 'Un service adorable.'],
    [4, 'Réponse rapide.'],
  ],
  calls: ['Demande de la date de livraison ; numéro {track} donné.', 'Horaires de la boutique de {store}.'],
};
