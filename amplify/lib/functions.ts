import { type Duration, RemovalPolicy } from 'aws-cdk-lib'
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Entry } from '../bundle.ts'
import { codeOf } from './code.ts'
import { acknowledge, acknowledgeWildcards } from './nag.ts'
import { arnOf, type Names } from './names.ts'
import { may } from './policies.ts'

type Making = {
  names: Names
  entry: Entry
  environment: Readonly<Record<string, string>>
  leave: readonly PolicyStatement[]
  timeout: Duration
  memoryMb: number
  /** For what is invoked with nobody waiting for the answer. */
  deadLetters?: Queue
}

export const LOGS_KEPT = RetentionDays.ONE_MONTH

const logsOf = (scope: Construct, names: Names, entry: Entry): LogGroup =>
  new LogGroup(scope, `${entry}-log`, { logGroupName: `/lectern/${names.function(entry)}`, retention: LOGS_KEPT, removalPolicy: RemovalPolicy.DESTROY })

/** A function with a role of its own, a log that ends, and no leave but what is named. */
export const functionOf = (scope: Construct, { names, entry, environment, leave, timeout, memoryMb, deadLetters }: Making): LambdaFunction => {
  const logGroup = logsOf(scope, names, entry)
  const role = new Role(scope, `${entry}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  const writing = may(['logs:CreateLogStream', 'logs:PutLogEvents'], [arnOf('logs', `log-group:/lectern/${names.function(entry)}:*`)])
  const all = [writing, ...leave]
  for (const statement of all) role.addToPolicy(statement)
  acknowledgeWildcards(
    role,
    all,
    'Each is every object below one prefix, every stream of one log, or an action IAM knows no resource for: written out in lib/policies.ts, never a wildcard for both.',
  )
  const made = new LambdaFunction(scope, entry, {
    functionName: names.function(entry),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: codeOf(entry),
    role,
    timeout,
    memorySize: memoryMb,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    environment: { ...environment, NODE_OPTIONS: '--enable-source-maps' },
    ...(deadLetters && { deadLetterQueue: deadLetters }),
  })
  acknowledge(
    made,
    'A request is one function and its calls to AWS, whose times are in its log: traces would tell the same for money.',
    'Serverless-LambdaTracing',
  )
  if (!deadLetters)
    acknowledge(
      made,
      'Called by API Gateway, Cognito or a queue, which hear of a failure themselves: a dead letter queue would stay empty.',
      'Serverless-LambdaDLQ',
    )
  return made
}
