ALTER SERVER disk OPTIONS (SET host 'b');
