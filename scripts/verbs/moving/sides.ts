import { join } from 'node:path'
import { namesIn } from '#homes/aws/moving-names.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { hasCode } from '#homes/machine/error-code.ts'
import { machineSide } from '#homes/machine/moving.ts'
import { readSettings } from '#homes/machine/settings.ts'
import type { Side } from '#homes/move/side.ts'
import { MoveTrouble } from '#homes/move/trouble.ts'
import { versionsOf } from '../../aws/versions.ts'
import { root } from '../../setup.mjs'

export type Ends = { from: Side; to: Side; checkpoint: string; names: { from: string; to: string }; close(): Promise<void> }

export type Wanted = { to: 'aws' | 'machine'; stage: string | undefined }

/** What the environment says, and where a stage is named what its last deployment from this machine told. */
const variablesOf = async (stage: string | undefined): Promise<Record<string, string | undefined>> => {
  if (stage === undefined) return process.env
  const versions = versionsOf(join(root, 'amplify', '.deployed'), stage)
  const current = await versions.current()
  if (!current)
    throw new MoveTrouble(`Nothing of ${stage} was deployed from this machine. Set the names of its table, buckets and pool in the environment instead.`)
  return namesIn((await versions.outputsOf(current.version))[`lectern-${stage}-api`] ?? {})
}

/** Imported only now: it is made of packages that a school at home does without. */
const awsHome = async () => {
  try {
    return await import('#homes/aws/moving.ts')
  } catch (cause) {
    if (!hasCode(cause, 'ERR_MODULE_NOT_FOUND')) throw cause
    throw new MoveTrouble('AWS is spoken to by packages that only developers need, and they are not installed. Run: npm install --include=dev', { cause })
  }
}

/**
 * Both homes of a move, closed to everybody else.
 * @throws MoveTrouble, SettingsError for what an operator can mend
 */
export const openEnds = async ({ to, stage }: Wanted): Promise<Ends> => {
  const { data: folder, url, schoolName } = readSettings(process.env)
  const { awsSide, readNames } = await awsHome()
  const names = readNames(await variablesOf(stage))
  const given = { clock: systemClock, ids: randomIds(systemClock) }
  const machine = await machineSide({ folder, url, schoolName, ...given, role: to === 'machine' ? 'to' : 'from' })
  try {
    const aws = await awsSide(names, given)
    const [home, cloud] = [folder, `${names.TABLE_NAME} (${names.AWS_REGION})`]
    return {
      ...(to === 'aws' ? { from: machine, to: aws, names: { from: home, to: cloud } } : { from: aws, to: machine, names: { from: cloud, to: home } }),
      // Both ends are in its name: nobody goes on with another move by mistake.
      checkpoint: join(folder, `moving-to-${to}-${names.AWS_REGION}-${names.TABLE_NAME.replace(/[^\w.-]/g, '_')}.json`),
      async close() {
        aws.close()
        await machine.close()
      },
    }
  } catch (error) {
    await machine.close()
    throw error
  }
}
