import { Aws } from 'aws-cdk-lib'

export const STAGES = ['staging', 'production'] as const
export type Stage = (typeof STAGES)[number]

/**
 * What is named by us and not by CloudFormation: two sides that may not refer to each other, across stacks or at run time, find one
 * another by these. Everything else gets a name of CloudFormation's.
 */
export const namesOf = (stage: Stage) => {
  const prefix = `lectern-${stage}`
  return {
    prefix,
    stack: (concern: string) => `${prefix}-${concern}`,
    bus: prefix,
    contentBus: `${prefix}-content`,
    queue: (feature: string) => `${prefix}-${feature}`,
    deadLetters: (feature: string) => `${prefix}-${feature}-dead`,
    function: (entry: string) => `${prefix}-${entry}`,
    alerts: `${prefix}-alerts`,
    transcoding: prefix,
    /** Unique in a region for all accounts. */
    signIn: `${prefix}-${Aws.ACCOUNT_ID}`,
  }
}
export type Names = ReturnType<typeof namesOf>

/** The ARN of something in this account and region, by its name. */
export const arnOf = (service: string, rest: string): string => `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`

/** The origin of Cognito's sign-in pages. */
export const signInOrigin = ({ signIn }: Names): string => `https://${signIn}.auth.${Aws.REGION}.amazoncognito.com`
