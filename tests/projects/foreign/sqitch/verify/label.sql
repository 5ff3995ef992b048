SELECT label FROM jars WHERE false;
