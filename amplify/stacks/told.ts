import { Aws, CfnOutput, type Stack } from 'aws-cdk-lib'
import { MOVING_NAMES, outputName } from '../../homes/aws/moving-names.ts'

/** The names by which a school is moved. */
export const tellNames = ({ api }: Readonly<Record<string, Stack>>, environment: Readonly<Record<string, string>>): void => {
  if (!api) throw new Error('There is nothing to tell of yet.')
  const known: Readonly<Record<string, string>> = { ...environment, AWS_REGION: Aws.REGION }
  for (const name of MOVING_NAMES) new CfnOutput(api, outputName(name), { value: known[name] ?? '' })
}
