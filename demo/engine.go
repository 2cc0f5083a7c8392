package demo

// engine is what runs jobs, and how its OpenLineage client names things.
type engine struct {
	namespace   string // of its jobs
	producer    string
	integration string
	jobType     string
	name        string // of the processing engine; "" if the client doesn't say
	version     string
	language    string // of the code
	dialect     string // of SQL; "" if the code is a program
}

const clients = "https://github.com/OpenLineage/OpenLineage/tree/1.40.1/"

var (
	dbt = engine{
		namespace: "halden-dbt", producer: clients + "integration/dbt", integration: "DBT", jobType: "MODEL",
		name: "snowflake", version: "9.31", language: "sql", dialect: "snowflake",
	}
	airflow = engine{
		namespace: "halden-airflow", producer: clients + "integration/airflow", integration: "AIRFLOW", jobType: "TASK",
		name: "snowflake", version: "9.31", language: "sql", dialect: "snowflake",
	}
	dag = engine{
		namespace: "halden-airflow", producer: clients + "integration/airflow", integration: "AIRFLOW", jobType: "DAG",
		name: "airflow", version: "3.1.3",
	}
	spark = engine{
		namespace: "halden-spark", producer: clients + "integration/spark", integration: "SPARK", jobType: "APPLICATION",
		name: "spark", version: "3.5.6", language: "python",
	}
	flink = engine{
		namespace: "halden-flink", producer: clients + "integration/flink", integration: "FLINK", jobType: "SQL_JOB",
	}
	looker  = consumer("looker", "LOOKER", "DASHBOARD")
	finance = consumer("finance-reports", "REPORTING", "REPORT")
	mlflow  = consumer("mlflow", "MLFLOW", "MODEL")
	agents  = consumer("agents", "AGENTS", "AGENT")
	apps    = consumer("apps", "APPS", "APPLICATION")
)

// consumer is where data is used: its jobs read and write nothing.
func consumer(namespace, integration, jobType string) engine {
	return engine{
		namespace: namespace, producer: clients + "client/python", integration: integration, jobType: jobType,
	}
}
