import { JOBS_MIGRATIONS } from './ffmpeg/jobs.ts'
import { IDENTITY_MIGRATIONS } from './identity/store.ts'
import { databaseVersions, type MigrationsByFile, OlderFolder } from './migrate.ts'
import { OBJECTS_MIGRATIONS } from './objects.ts'
import { SCHOOL_MIGRATIONS } from './school-deeds.ts'

/** What of a data folder grows with versions. Stand-ins keep databases of their own, which are nobody's past. */
export const MIGRATIONS: MigrationsByFile = {
  'school.sqlite': SCHOOL_MIGRATIONS,
  'identity.sqlite': IDENTITY_MIGRATIONS,
  'objects/objects.sqlite': OBJECTS_MIGRATIONS,
  'drafts/objects.sqlite': OBJECTS_MIGRATIONS,
  'transcoder/transcoder.sqlite': JOBS_MIGRATIONS,
}

/**
 * Asked before anything of a data folder is opened.
 * @throws NewerFolder where a later version has written it; nothing is touched
 */
export const refuseNewer = async (folder: string): Promise<void> => void (await databaseVersions(folder, MIGRATIONS))

/** What is opened by hand; the others are the school's alone, and a start that has no use for one leaves it as it is. */
const BY_HAND: readonly string[] = ['school.sqlite', 'identity.sqlite', 'objects/objects.sqlite']

/**
 * Asked by whoever opens a data folder beside the school: it is brought further by an upgrade or a start, and by nothing in passing, for the
 * version that runs may be the earlier one.
 * @throws OlderFolder, or NewerFolder; nothing is touched
 */
export const refuseOther = async (folder: string): Promise<void> => {
  const behind = (await databaseVersions(folder, MIGRATIONS)).filter(({ file, lacks }) => lacks.length > 0 && BY_HAND.includes(file))
  if (behind.length > 0) throw new OlderFolder(behind.map(({ file }) => file))
}
