import { JOBS_MIGRATIONS } from './ffmpeg/jobs.ts'
import { IDENTITY_MIGRATIONS } from './identity/store.ts'
import { databaseVersions, type MigrationsByFile } from './migrate.ts'
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
