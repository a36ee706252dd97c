/** Of a function's environment, what a school is moved by. The stacks tell it as outputs, where a name has no underscores. */
export const MOVING_NAMES = [
  'AWS_REGION',
  'LECTERN_URL',
  'TABLE_NAME',
  'STORE_BUCKET',
  'UPLOAD_BUCKET',
  'QUEUES_URL',
  'USER_POOL_ID',
  'USER_POOL_CLIENT_ID',
  'USER_POOL_DOMAIN',
] as const

export type MovingName = (typeof MOVING_NAMES)[number]

/** An output may have letters and digits in its name: `TABLE_NAME` is told as `TABLENAME`. */
export const outputName = (variable: MovingName): string => variable.replaceAll('_', '')

/** As variables, what the outputs of the api's stack tell. */
export const namesIn = (outputs: Readonly<Record<string, string>>): Partial<Record<MovingName, string>> =>
  Object.fromEntries(
    MOVING_NAMES.flatMap((name) => {
      const value = outputs[outputName(name)]
      return value === undefined ? [] : [[name, value]]
    }),
  )
