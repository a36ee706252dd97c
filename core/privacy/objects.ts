/** What the store keeps below a prefix, and what becomes of it when somebody leaves. Objects are found by the records that name them. */
type Place = { prefix: string; what: 'nobody' | 'goes' | 'stays'; says: string }

export const OBJECT_PLACES: readonly Place[] = [
  { prefix: 'media/', what: 'nobody', says: 'Films as they are watched' },
  { prefix: 'sources/', what: 'stays', says: 'Films as they were sent, below the id of whoever sent them: an object has no other name' },
  { prefix: 'files/', what: 'goes', says: 'Files of lessons, which stay; files of somebody’s work and the copy of their data, which go with their records' },
  { prefix: 'catalogue/', what: 'stays', says: 'What visitors read: written anew once a teacher or a review has gone' },
  { prefix: 'search/', what: 'nobody', says: 'What is found within lessons' },
  { prefix: 'recipes/', what: 'nobody', says: 'How films are made ready' },
  { prefix: 'repository/', what: 'nobody', says: 'Texts of the school’s repository' },
  { prefix: 'web/', what: 'nobody', says: 'The pages themselves' },
  { prefix: 'drafts/captions/', what: 'nobody', says: 'Captions, every version of them' },
  { prefix: 'drafts/versions/', what: 'stays', says: 'Versions of courses, rewritten under whoever takes them over' },
  { prefix: 'drafts/exports/', what: 'goes', says: 'What has been gathered so far for a copy of somebody’s data' },
  { prefix: 'drafts/', what: 'nobody', says: 'What courses are being made of' },
  { prefix: 'runs/', what: 'nobody', says: 'Papers of the programs that write, for two weeks' },
]

/** Where an object lies; undefined where nothing is said of such a place. */
export const objectPlace = (key: string): Place | undefined => OBJECT_PLACES.find(({ prefix }) => key.startsWith(prefix))
