-- What stands in for Aurora MySQL, as far as a migration meets it: its procedures as thin wrappers over the real statements, with the names and
-- arguments of AWS's documentation ("Configuring, starting, and stopping binary log replication", "Replicating transactions using GTIDs",
-- "Ending a session or query", "Setting and showing binary log configuration" in the Aurora User Guide), and its master user with the privileges
-- of rds_superuser_role in Aurora MySQL 8.4 and no other: no SUPER, no session without a binary log, no global variables.

CREATE PROCEDURE mysql.execute_text (statement TEXT)
BEGIN
  SET @statement = statement;
  PREPARE prepared FROM @statement;
  EXECUTE prepared;
  DEALLOCATE PREPARE prepared;
END //

-- The fifth argument "isn't currently implemented": TLS has a procedure of its own.
CREATE PROCEDURE mysql.rds_set_external_source_with_auto_position (host VARCHAR(255), port INT, user TEXT, password TEXT, ssl_encryption INT)
  CALL mysql.execute_text(CONCAT('CHANGE REPLICATION SOURCE TO SOURCE_HOST = ', QUOTE(host), ', SOURCE_PORT = ', port, ', SOURCE_USER = ', QUOTE(user),
    ', SOURCE_PASSWORD = ', QUOTE(password), ', SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 0, SOURCE_CONNECT_RETRY = 2, PRIVILEGE_CHECKS_USER = ''rdsrepladmin_priv_checks_user''@''localhost''')) //

CREATE PROCEDURE mysql.rds_set_binlog_source_ssl (mode INT)
  CALL mysql.execute_text(CONCAT('CHANGE REPLICATION SOURCE TO SOURCE_SSL = ', mode)) //

CREATE PROCEDURE mysql.rds_start_replication () BEGIN START REPLICA; SELECT 'Replica running normally.' Message; END //
CREATE PROCEDURE mysql.rds_stop_replication () BEGIN STOP REPLICA; SELECT 'Replica is down or disabled' Message; END //
CREATE PROCEDURE mysql.rds_reset_external_source () BEGIN CALL mysql.execute_text('RESET REPLICA ALL'); SELECT 'Replica has been reset' Message; END //
CREATE PROCEDURE mysql.rds_gtid_purged (gtid_set TEXT) SET GLOBAL gtid_purged = gtid_set //
CREATE PROCEDURE mysql.rds_kill (id BIGINT) CALL mysql.execute_text(CONCAT('KILL ', id)) //

CREATE TABLE mysql.rds_configuration (name VARCHAR(100) PRIMARY KEY, value VARCHAR(100)) //
CREATE PROCEDURE mysql.rds_set_configuration (the_name VARCHAR(100), the_value INT) REPLACE mysql.rds_configuration VALUES (the_name, the_value) //

CREATE ROLE rds_superuser_role //
GRANT ALTER, ALTER ROUTINE, CREATE, CREATE ROLE, CREATE ROUTINE, CREATE TEMPORARY TABLES, CREATE USER, CREATE VIEW, DELETE, DROP, DROP ROLE, EVENT,
  EXECUTE, INDEX, INSERT, LOCK TABLES, PROCESS, REFERENCES, RELOAD, REPLICATION CLIENT, REPLICATION SLAVE, SELECT, SHOW DATABASES, SHOW VIEW, TRIGGER,
  UPDATE ON *.* TO rds_superuser_role WITH GRANT OPTION //
GRANT ALLOW_NONEXISTENT_DEFINER, APPLICATION_PASSWORD_ADMIN, CONNECTION_ADMIN, FLUSH_OPTIMIZER_COSTS, FLUSH_PRIVILEGES, FLUSH_STATUS, FLUSH_TABLES,
  FLUSH_USER_RESOURCES, OPTIMIZE_LOCAL_TABLE, ROLE_ADMIN, SET_ANY_DEFINER, SHOW_ROUTINE, XA_RECOVER_ADMIN ON *.* TO rds_superuser_role WITH GRANT OPTION //

-- Who applies what comes: Aurora makes this user when replication starts, and what it may not do stops replication.
CREATE USER rdsrepladmin_priv_checks_user@localhost ACCOUNT LOCK //
GRANT rds_superuser_role TO rdsrepladmin_priv_checks_user@localhost //
ALTER USER rdsrepladmin_priv_checks_user@localhost DEFAULT ROLE rds_superuser_role //
GRANT REPLICATION_APPLIER ON *.* TO rdsrepladmin_priv_checks_user@localhost //

CREATE USER 'MASTER_USER'@'%' IDENTIFIED WITH caching_sha2_password BY 'MASTER_PASSWORD' //
GRANT rds_superuser_role TO 'MASTER_USER'@'%' WITH ADMIN OPTION //
ALTER USER 'MASTER_USER'@'%' DEFAULT ROLE rds_superuser_role //
CREATE DATABASE SCHEMA_NAME //
